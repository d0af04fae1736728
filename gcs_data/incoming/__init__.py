"""Files that come in: read safely, understood cell by cell, compared with what is published."""
