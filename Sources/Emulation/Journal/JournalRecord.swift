import HTTPFront

/// The texts and bodies of an entry, copied one after the other into one piece of memory, each behind its length.
///
/// One piece, because a thousand entries are more than a processor's cache holds: what a request has made is freed
/// at once, for the next one to use, and to drop an entry touches one place instead of twenty.
struct JournalRecord: Sendable {
    private let bytes: [UInt8]
    private let requestFieldCount: Int

    /// Copies all of it but the values of fields that are secret.
    init(
        requestID: String, path: String, query: String, requestBody: ArraySlice<UInt8>,
        responseBody: ArraySlice<UInt8>, requestFields: [HTTPField], responseFields: [HTTPField]
    ) {
        let room =
            Self.room(for: requestID) + Self.room(for: path) + Self.room(for: query) + requestBody.count + 4
            + responseBody.count + 4 + Self.room(for: requestFields) + Self.room(for: responseFields)
        requestFieldCount = requestFields.count
        bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            var packer = Packer(buffer: UnsafeMutableRawBufferPointer(buffer))
            packer.put(requestID)
            packer.put(path)
            packer.put(query)
            requestBody.withUnsafeBytes { packer.put($0) }
            responseBody.withUnsafeBytes { packer.put($0) }
            for field in requestFields { packer.put(field) }
            for field in responseFields { packer.put(field) }
            count = packer.end
        }
    }

    /// How many bytes it takes.
    var size: Int { bytes.capacity }

    private static func room(for text: String) -> Int { text.utf8.count + 4 }

    private static func room(for fields: [HTTPField]) -> Int {
        fields.reduce(0) { $0 + room(for: $1.name) + max(room(for: $1.value), Redaction.mark.utf8.count + 4) }
    }

    /// The piece of that number, in the order in which they were put in.
    func piece(_ number: Int) -> ArraySlice<UInt8> {
        let position = start(ofPiece: number)
        return bytes[min(position + 4, bytes.count)..<end(ofPieceAt: position)]
    }

    func text(_ number: Int) -> String { String(decoding: piece(number), as: UTF8.self) }

    /// The fields, of which the first has that number.
    func fields(from number: Int) -> (request: [HTTPField], response: [HTTPField]) {
        var texts: [String] = []
        var position = start(ofPiece: number)
        while position < bytes.count {
            let next = end(ofPieceAt: position)
            texts.append(String(decoding: bytes[min(position + 4, next)..<next], as: UTF8.self))
            position = next
        }
        let fields = stride(from: 0, to: texts.count - 1, by: 2).map { HTTPField(texts[$0], texts[$0 + 1]) }
        return (Array(fields.prefix(requestFieldCount)), Array(fields.dropFirst(requestFieldCount)))
    }

    private func start(ofPiece number: Int) -> Int { (0..<number).reduce(0) { start, _ in end(ofPieceAt: start) } }

    private func end(ofPieceAt position: Int) -> Int {
        guard position + 4 <= bytes.count else { return bytes.count }
        let length = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: UInt32.self) }
        return min(position + 4 + Int(length), bytes.count)
    }
}

/// Puts pieces into a buffer. One that does not fit is left out; the buffer is made for all of them.
private struct Packer {
    let buffer: UnsafeMutableRawBufferPointer
    private(set) var end = 0

    init(buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

    mutating func put(_ piece: UnsafeRawBufferPointer) {
        guard buffer.count - end >= piece.count + 4, let base = buffer.baseAddress else { return }
        (base + end).storeBytes(of: UInt32(truncatingIfNeeded: piece.count), as: UInt32.self)
        if let source = piece.baseAddress { (base + end + 4).copyMemory(from: source, byteCount: piece.count) }
        end += piece.count + 4
    }

    mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
    }

    mutating func put(_ field: HTTPField) {
        put(field.name)
        put(Redaction.isSecret(field.name) ? Redaction.mark : field.value)
    }
}
