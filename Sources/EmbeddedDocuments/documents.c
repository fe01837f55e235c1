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

static const unsigned char head_blank[] = {
#embed "../../seed-data/blank.head.json"
};
const unsigned char *understudy_head_blank_start(void) { return head_blank; }
const unsigned long understudy_head_blank_size = sizeof head_blank;

static const unsigned char head_demo[] = {
#embed "../../seed-data/demo.head.json"
};
const unsigned char *understudy_head_demo_start(void) { return head_demo; }
const unsigned long understudy_head_demo_size = sizeof head_demo;

static const unsigned char database_blank[] = {
#embed "../../seed-data/blank.sqlite"
};
const unsigned char *understudy_database_blank_start(void) { return database_blank; }
const unsigned long understudy_database_blank_size = sizeof database_blank;

static const unsigned char database_demo[] = {
#embed "../../seed-data/demo.sqlite"
};
const unsigned char *understudy_database_demo_start(void) { return database_demo; }
const unsigned long understudy_database_demo_size = sizeof database_demo;
