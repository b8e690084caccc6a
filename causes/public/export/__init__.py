"""The public site as plain files for any static server: made, compared, and swapped in whole."""
