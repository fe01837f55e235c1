package import JSON

extension SeedCredential {
    /// A key with the standing that these members, read from those bytes, give it: as a seed spells them, and with the
    /// same defaults. Problems name the members alone.
    package init(token: String, standing: JSONObject, in bytes: [UInt8]) throws(SeedRefusal) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("credentials")
        writer.beginArray()
        writer.beginObject()
        writer.key("token")
        writer.string(token)
        for member in standing.members {
            writer.key(anyText: member.key)
            bytes[member.value.range].withUnsafeBufferPointer { writer.raw($0) }
        }
        writer.endObject()
        writer.endArray()
        writer.endObject()
        do throws(SeedRefusal) {
            guard let read = try SeedDocument(reading: writer.bytes).credentials.first else {
                throw SeedRefusal(problems: [])
            }
            self = read
        } catch {
            let list = "credentials[0]."
            throw SeedRefusal(
                problems: error.problems.map { problem in
                    let place =
                        problem.place.hasPrefix(list) ? String(problem.place.dropFirst(list.count)) : problem.place
                    return SeedProblem(place: place, message: problem.message)
                })
        }
    }
}
