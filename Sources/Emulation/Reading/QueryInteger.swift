/// Whole numbers in a query: digits, perhaps after a minus sign.
package enum QueryInteger {
    /// The number; nil when the text is none, or one of more than 64 bits.
    package static func read(_ text: String) -> Int64? {
        // Int64 would take a plus sign too.
        text.utf8.first == UInt8(ascii: "+") ? nil : Int64(text)
    }
}
