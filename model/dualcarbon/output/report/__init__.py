"""The report: one HTML file with interactive charts that opens offline.

``patterns`` tells fills and lines apart in grey, ``charts`` draws with ``traces``, ``scoring`` and
``sources`` make its tables, ``page`` puts all of it into ``template.html.jinja``.
"""

from dualcarbon.output.report.page import Reported, report_page

__all__ = ["Reported", "report_page"]
