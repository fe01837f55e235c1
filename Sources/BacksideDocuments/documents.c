#include "BacksideDocuments.h"

// Backside's files of openapi/ and seed-data/, compiled in as they stand.

static const unsigned char openapi_backside[] = {
#embed "../../openapi/backside.json"
};
const unsigned char *understudy_openapi_backside_start(void) { return openapi_backside; }
const unsigned long understudy_openapi_backside_size = sizeof openapi_backside;

static const unsigned char backside_control_plane[] = {
#embed "../../openapi/backside-control-plane.json"
};
const unsigned char *understudy_backside_control_plane_start(void) { return backside_control_plane; }
const unsigned long understudy_backside_control_plane_size = sizeof backside_control_plane;

static const unsigned char backside_seed_blank[] = {
#embed "../../seed-data/backside/blank.json"
};
const unsigned char *understudy_backside_seed_blank_start(void) { return backside_seed_blank; }
const unsigned long understudy_backside_seed_blank_size = sizeof backside_seed_blank;

static const unsigned char backside_seed_demo[] = {
#embed "../../seed-data/backside/demo.json"
};
const unsigned char *understudy_backside_seed_demo_start(void) { return backside_seed_demo; }
const unsigned long understudy_backside_seed_demo_size = sizeof backside_seed_demo;
