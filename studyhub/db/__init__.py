"""SQLAlchemy and nothing above it: the model base, column types, engines and transactions."""
