"""Your data, for everybody the operator lets: a file, what it means, what would be refused, and the load."""

from dashboard.kit import page
from dashboard.language import _
from dashboard.views.your_data import upload_page, uploads

page.begin_beside_the_scope(
    _("Your data"),
    _("Load a file of tickets or workflow events, after a look at what it holds."),
    has_numbers=False,
)
if not uploads.allowed():
    upload_page.not_allowed()
elif not upload_page.under_way() and (current_upload := upload_page.current_upload()) is not None:
    upload, file_id = current_upload
    inspection, mapping = upload_page.understood(upload, file_id)
    tried = upload_page.checked(inspection, upload, file_id, mapping)
    if tried is not None:
        upload_page.offer(tried, upload, mapping)
