"""One port, one process: Django's pages as WSGI in threads."""

import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voronka.settings")

application = WSGIMiddleware(get_wsgi_application(), workers=16)
