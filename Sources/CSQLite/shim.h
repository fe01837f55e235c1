#include <sqlite3.h>

// sqlite3_config is variadic, which Swift cannot call. Counting memory takes one lock for all databases, at every allocation.
static inline int understudy_sqlite_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

// Variadic as well. A database in memory may have 1 GiB unless SQLite is told otherwise; our own limits are others.
static inline int understudy_sqlite_no_memory_limit(void) { return sqlite3_config(SQLITE_CONFIG_MEMDB_MAXSIZE, (sqlite3_int64)1 << 42); }

// SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift does not import.
static inline sqlite3_destructor_type understudy_sqlite_transient(void) { return SQLITE_TRANSIENT; }
