/// Names of what people keep here: sandboxes, snapshots, scenarios, faults.
package enum PlainName {
    package static let message = "must be 1 to 64 letters, digits, underscores, points and hyphens"

    /// Whether that is one.
    ///
    /// A name is looked up only if it is: to Swift some characters are the same letter (the Kelvin sign is a `K`), to a
    /// database they are not.
    package static func isOne(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
