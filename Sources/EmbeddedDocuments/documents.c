#include "EmbeddedDocuments.h"

// The core's files of openapi/ and seed-data/, compiled in as they stand.

static const unsigned char openapi_control_plane[] = {
#embed "../../openapi/control-plane.json"
};
const unsigned char *understudy_openapi_control_plane_start(void) { return openapi_control_plane; }
const unsigned long understudy_openapi_control_plane_size = sizeof openapi_control_plane;

static const unsigned char seed_blank[] = {
#embed "../../seed-data/blank.json"
};
const unsigned char *understudy_seed_blank_start(void) { return seed_blank; }
const unsigned long understudy_seed_blank_size = sizeof seed_blank;

static const unsigned char seed_demo[] = {
#embed "../../seed-data/demo.json"
};
const unsigned char *understudy_seed_demo_start(void) { return seed_demo; }
const unsigned long understudy_seed_demo_size = sizeof seed_demo;

static const unsigned char prepared_blank[] = {
#embed "../../seed-data/blank.sqlite"
};
const unsigned char *understudy_prepared_blank_start(void) { return prepared_blank; }
const unsigned long understudy_prepared_blank_size = sizeof prepared_blank;

static const unsigned char prepared_demo[] = {
#embed "../../seed-data/demo.sqlite"
};
const unsigned char *understudy_prepared_demo_start(void) { return prepared_demo; }
const unsigned long understudy_prepared_demo_size = sizeof prepared_demo;
