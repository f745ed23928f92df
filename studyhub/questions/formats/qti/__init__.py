"""QTI, the exchange format of 1EdTech: items and packages of the versions 2.1, 2.2 and 3.0."""
