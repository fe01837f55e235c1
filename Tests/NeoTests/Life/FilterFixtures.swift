import Neo
import JSON
import Time

/// A filter read from the text of its spec.
func filter(_ spec: String) throws -> EntityFilter { EntityFilter(spec: try JSONParser.parse(Array(spec.utf8))) }

/// A ticket whose free fields are the members of a JSON object.
func ticket(_ fields: String, id: String = "4711", number: String? = "T20260102.0001") throws -> EntityFields {
    let fields = try JSONParser.parse(Array(fields.utf8)).object ?? JSONObject(members: [])
    return EntityFields(id: id, type: "ticket", number: number, field: { fields[$0]?.value })
}

/// A spec of one rule on the field `f`; a value left out stays out.
func rule(_ symbol: String, _ value: String?) -> String {
    let value = value.map { #","value":\#($0)"# } ?? ""
    return #"{"combinator":"and","rules":[{"field":"f","operator":"\#(symbol)"\#(value)}]}"#
}
