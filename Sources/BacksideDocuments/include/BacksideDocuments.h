#pragma once

// Backside's OpenAPI document, and its parts of the control plane's document and of the built-in seeds. They are bytes in the
// binary: they move with it and cost nothing to load. A document is what stands between its start and start + size.

#define UNDERSTUDY_DOCUMENT(name)            \
    const unsigned char *name##_start(void); \
    extern const unsigned long name##_size;

UNDERSTUDY_DOCUMENT(understudy_openapi_backside)
UNDERSTUDY_DOCUMENT(understudy_backside_control_plane)
UNDERSTUDY_DOCUMENT(understudy_backside_seed_blank)
UNDERSTUDY_DOCUMENT(understudy_backside_seed_demo)

#undef UNDERSTUDY_DOCUMENT
