"""A folder for each page: `view.py`, and whatever only this page needs.

Not called `pages`: Streamlit takes a folder of that name beside the app for its own older way of finding
pages, and the first reader of a server sees "Page not found".
"""
