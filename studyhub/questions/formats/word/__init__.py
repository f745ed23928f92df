"""Word's `.docx`: paragraphs with their automatic numbers, as lines of the usual layout."""
