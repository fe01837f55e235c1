#pragma once

// The control plane's OpenAPI document and the heads of the built-in seeds, which the APIs' parts are merged into; and the
// whole seeds, made ready. They are bytes in the binary: they move with it and cost nothing to load.
// A document is what stands between its start and start + size.

#define UNDERSTUDY_DOCUMENT(name)            \
    const unsigned char *name##_start(void); \
    extern const unsigned long name##_size;

UNDERSTUDY_DOCUMENT(understudy_openapi_control_plane)
UNDERSTUDY_DOCUMENT(understudy_seed_blank)
UNDERSTUDY_DOCUMENT(understudy_seed_demo)
UNDERSTUDY_DOCUMENT(understudy_head_blank)
UNDERSTUDY_DOCUMENT(understudy_head_demo)
UNDERSTUDY_DOCUMENT(understudy_database_blank)
UNDERSTUDY_DOCUMENT(understudy_database_demo)

#undef UNDERSTUDY_DOCUMENT
