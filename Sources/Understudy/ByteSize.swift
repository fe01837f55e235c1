/// A number of bytes as people write it: `600MiB`, `2GiB`, `1048576`.
package struct ByteSize: Sendable, Hashable, CustomStringConvertible {
    package let bytes: Int

    package init(bytes: Int) { self.bytes = bytes }

    private static let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1)]

    /// Nil for what is no whole number of bytes, or more than there are.
    package init?(_ text: String) {
        for (unit, factor) in Self.units where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count)
            guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits) else {
                continue
            }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            self.bytes = bytes
            return
        }
        return nil
    }

    package var description: String {
        for (unit, factor) in Self.units.dropLast().reversed() where bytes >= factor && bytes % factor == 0 {
            return "\(bytes / factor)\(unit)"
        }
        return "\(bytes)"
    }
}
