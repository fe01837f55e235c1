#include "NeoDocuments.h"

// Neo's files of openapi/ and seed-data/, compiled in as they stand.

static const unsigned char openapi_neo[] = {
#embed "../../openapi/neo.json"
};
const unsigned char *understudy_openapi_neo_start(void) { return openapi_neo; }
const unsigned long understudy_openapi_neo_size = sizeof openapi_neo;

static const unsigned char neo_control_plane[] = {
#embed "../../openapi/neo-control-plane.json"
};
const unsigned char *understudy_neo_control_plane_start(void) { return neo_control_plane; }
const unsigned long understudy_neo_control_plane_size = sizeof neo_control_plane;

static const unsigned char neo_seed_blank[] = {
#embed "../../seed-data/neo/blank.json"
};
const unsigned char *understudy_neo_seed_blank_start(void) { return neo_seed_blank; }
const unsigned long understudy_neo_seed_blank_size = sizeof neo_seed_blank;

static const unsigned char neo_seed_demo[] = {
#embed "../../seed-data/neo/demo.json"
};
const unsigned char *understudy_neo_seed_demo_start(void) { return neo_seed_demo; }
const unsigned long understudy_neo_seed_demo_size = sizeof neo_seed_demo;
