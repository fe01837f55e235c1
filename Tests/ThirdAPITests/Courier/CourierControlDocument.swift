/// What the courier adds to the control plane's OpenAPI document. It is merged in, member by member: lists are appended to.
///
/// `paths` has its own routes, `schemas` what others say of it: its name wherever an API is named, its operations, counts, keys,
/// roles, kinds of work, scenarios, and its part of a seed.
enum CourierControlDocument {
    static let text = """
        {
          "tags": [{"name": "Parcels", "description": "Parcels, moved by hand."}],
          "paths": {
            "/_understudy/parcels/{id}/return": {
              "parameters": [{"in": "path", "name": "id", "required": true, "schema": {"type": "string"}}],
              "post": {
                "tags": ["Parcels"],
                "summary": "Send a parcel back",
                "operationId": "return_parcel",
                "parameters": [{"$ref": "#/components/parameters/sandbox_header"}],
                "responses": {
                  "200": {
                    "description": "As it is now.",
                    "content": {"application/json": {"schema": {"type": "object", "required": ["parcel"]}}}
                  },
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/Forbidden"},
                  "404": {"$ref": "#/components/responses/NotFound"},
                  "409": {
                    "description": "`conflict`: it is not on its way.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
                  },
                  "413": {"$ref": "#/components/responses/PayloadTooLarge"},
                  "431": {"$ref": "#/components/responses/HeadersTooLarge"},
                  "500": {"$ref": "#/components/responses/InternalError"},
                  "503": {"$ref": "#/components/responses/Unavailable"}
                },
                "security": [{}, {"bearerAuth": []}]
              }
            }
          },
          "components": {
            "parameters": {"filter_api": {"schema": {"enum": ["courier"]}}},
            "schemas": {
              "FaultMatch": {"properties": {"api": {"enum": ["courier"]}}},
              "JournalEntry": {"properties": {"api": {"enum": ["courier"]}}},
              "ShownCredential": {"properties": {"api": {"enum": ["courier"]}}},
              "NewCredential": {
                "properties": {"api": {"enum": ["courier"]}, "token": {"anyOf": [{"pattern": "^crr-[0-9]{12}$"}]}}
              },
              "SeedCredential": {"properties": {"token": {"anyOf": [{"pattern": "^crr-[0-9]{12}$"}]}}},
              "Role": {"enum": ["Dispatcher", "Tracker"]},
              "OperationID": {"enum": ["get_document", "create_parcel", "get_parcel"]},
              "Transition": {"properties": {"resource": {"enum": ["parcel"]}}},
              "ScenarioWhen": {
                "properties": {"parcel_to": {"type": "string", "minLength": 1, "description": "The parcels to there."}}
              },
              "ScenarioThen": {
                "properties": {
                  "lost_after": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "For a parcel: lost that many seconds after it was accepted."
                  }
                }
              },
              "Sandbox": {
                "properties": {
                  "counts": {"properties": {"parcels": {"type": "integer", "minimum": 0}}, "required": ["parcels"]}
                }
              },
              "AdminSandbox": {
                "properties": {
                  "counts": {"properties": {"parcels": {"type": "integer", "minimum": 0}}, "required": ["parcels"]}
                }
              },
              "SeedDocument": {
                "properties": {"parcels": {"type": "array", "items": {"$ref": "#/components/schemas/SeedParcel"}}}
              },
              "SeedParcel": {
                "title": "SeedParcel",
                "type": "object",
                "description": "A parcel of the courier.",
                "properties": {
                  "id": {"type": "string", "format": "uuid"},
                  "to": {"type": "string", "minLength": 1},
                  "status": {"type": "string", "enum": ["accepted", "on_the_way", "delivered", "lost", "returned"]},
                  "accepted_at": {"$ref": "#/components/schemas/SeedTimestamp"},
                  "changed_at": {"$ref": "#/components/schemas/SeedTimestamp"},
                  "lost_after": {"type": ["integer", "null"], "minimum": 0}
                },
                "required": ["id", "to", "accepted_at"],
                "additionalProperties": false
              }
            }
          }
        }
        """
}
