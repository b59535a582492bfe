"""How much of the web server its clients may take: docs/operators/operating.md has the table."""

# Pages and answers of the API that are made at the same time. Each may hold a connection to the database.
PAGE_THREADS = 16
# Sign-ins and other requests that hash passwords: those that are made at the same time, in threads of their own, and
# those that are made or wait. A class that signs in at the same second waits; more people are told to come back.
PASSWORD_THREADS = 4
PASSWORD_REQUESTS = 36
# Connections that are served at the same time. Most of such a thread's life is waiting for its client.
CONNECTION_THREADS = 216
# Connections that are open at the same time, and those of them whose request hasn't come yet.
CONNECTIONS = 1000
WAITING_CONNECTIONS = 600

# Uploads and large answers that are under way; what they and PASSWORD_REQUESTS leave of CONNECTION_THREADS
# is for pages.
UPLOADS = 32
# The uploads, and those large requests that are refused at this moment. Each may hold a connection to the database.
LARGE_REQUESTS = UPLOADS + 8
# To people who are signed in, and to anybody else, who gets static files. A class behind one address may open the same
# page at once.
LARGE_ANSWERS = 48
LARGE_ANSWERS_TO_STRANGERS = 64
LARGE_ANSWERS_OF_AN_ADDRESS = 32
UPLOADS_OF_A_PERSON = 2
DOWNLOADS_OF_A_PERSON = 4

# A request's first line and headers, among them the address that a table sends with the keys of its rows.
HEAD_BYTES = 64 * 1024
# A body up to this size is read before it costs a thread. A larger one must be an upload.
SMALL_REQUEST_BYTES = 64 * 1024
# An answer up to this size mostly fits in what the system keeps for a connection.
SMALL_ANSWER_BYTES = 256 * 1024

# In which a small request must have come as a whole.
REQUEST_SECONDS = 20.0
# Without a byte for so long, or with fewer bytes a second over that time, a client is cut.
STALL_SECONDS = 30.0
SLOWEST_BYTES_PER_SECOND = 4096
