#include "NeoDocuments.h"

// Neo's files of openapi/, compiled in as they stand.

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
