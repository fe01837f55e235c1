/// The courier's OpenAPI document. Every answer of its operations is held against it, in tests and under `--check-contract`.
///
/// Answers to paths and methods that have no operation are held against the components `NotFound`, `MethodNotAllowed`,
/// `RateLimited`, `PayloadTooLarge`, `HeadersTooLarge` and `InternalError`: a document needs responses of these names.
package enum CourierDocument {
    package static let text = """
        {
          "openapi": "3.1.0",
          "info": {"title": "Courier API", "version": "1"},
          "security": [{"key": []}],
          "paths": {
            "/courier/v1/openapi.json": {
              "get": {
                "operationId": "get_document",
                "security": [],
                "responses": {"200": {"description": "This.", "content": {"application/json": {"schema": {}}}}}
              }
            },
            "/courier/v1/parcels": {
              "post": {
                "operationId": "create_parcel",
                "requestBody": {
                  "required": true,
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewParcel"}}}
                },
                "responses": {
                  "201": {"$ref": "#/components/responses/Parcel"},
                  "400": {"$ref": "#/components/responses/Problem"},
                  "401": {"$ref": "#/components/responses/Problem"},
                  "403": {"$ref": "#/components/responses/Problem"},
                  "413": {"$ref": "#/components/responses/PayloadTooLarge"},
                  "422": {"$ref": "#/components/responses/Problem"},
                  "429": {"$ref": "#/components/responses/RateLimited"},
                  "431": {"$ref": "#/components/responses/HeadersTooLarge"},
                  "500": {"$ref": "#/components/responses/InternalError"},
                  "503": {"$ref": "#/components/responses/Problem"}
                }
              }
            },
            "/courier/v1/parcels/{id}": {
              "parameters": [{"in": "path", "name": "id", "required": true, "schema": {"type": "string"}}],
              "get": {
                "operationId": "get_parcel",
                "responses": {
                  "200": {"$ref": "#/components/responses/Parcel"},
                  "401": {"$ref": "#/components/responses/Problem"},
                  "404": {"$ref": "#/components/responses/NotFound"},
                  "429": {"$ref": "#/components/responses/RateLimited"},
                  "431": {"$ref": "#/components/responses/HeadersTooLarge"},
                  "500": {"$ref": "#/components/responses/InternalError"},
                  "503": {"$ref": "#/components/responses/Problem"}
                }
              }
            }
          },
          "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {
              "NewParcel": {
                "type": "object",
                "properties": {"to": {"type": "string", "minLength": 1, "maxLength": 200}},
                "required": ["to"]
              },
              "Parcel": {
                "type": "object",
                "properties": {
                  "id": {"type": "string", "format": "uuid"},
                  "to": {"type": "string"},
                  "status": {"type": "string", "enum": ["accepted", "on_the_way", "delivered", "lost", "returned"]},
                  "accepted_at": {"type": "string", "format": "date-time"},
                  "changed_at": {"type": "string", "format": "date-time"}
                },
                "required": ["id", "to", "status", "accepted_at", "changed_at"],
                "additionalProperties": false
              },
              "Problem": {
                "type": "object",
                "properties": {
                  "problem": {
                    "type": "object",
                    "properties": {"kind": {"type": "string"}, "text": {"type": "string"}},
                    "required": ["kind", "text"],
                    "additionalProperties": false
                  }
                },
                "required": ["problem"],
                "additionalProperties": false
              }
            },
            "responses": {
              "Parcel": {
                "description": "The parcel as it is now.",
                "content": {
                  "application/json": {
                    "schema": {
                      "type": "object",
                      "properties": {"parcel": {"$ref": "#/components/schemas/Parcel"}},
                      "required": ["parcel"],
                      "additionalProperties": false
                    }
                  }
                }
              },
              "Problem": {
                "description": "What is wrong.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "NotFound": {"$ref": "#/components/responses/Problem"},
              "MethodNotAllowed": {"$ref": "#/components/responses/Problem"},
              "PayloadTooLarge": {"$ref": "#/components/responses/Problem"},
              "HeadersTooLarge": {"$ref": "#/components/responses/Problem"},
              "InternalError": {"$ref": "#/components/responses/Problem"},
              "RateLimited": {
                "description": "Too many requests.",
                "headers": {"Retry-After": {"required": true, "schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              }
            }
          }
        }
        """
}
