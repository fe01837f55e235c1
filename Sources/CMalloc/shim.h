// malloc_trim is the GNU C library's own, and its header no part of the module Glibc.
#include <malloc.h>
