"""Exit status 0 if the app server on PORT answers. A redirect to HTTPS is an answer, too."""

import http.client
import os
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=4)
connection.request("GET", "/healthz")
sys.exit(connection.getresponse().status >= 500)
