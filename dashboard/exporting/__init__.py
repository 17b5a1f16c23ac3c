"""What can be taken along: tables, pictures, the data of a chart, a page as a report."""
