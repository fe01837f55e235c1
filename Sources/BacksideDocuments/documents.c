#include "BacksideDocuments.h"

// Backside's files of openapi/, compiled in as they stand.

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
