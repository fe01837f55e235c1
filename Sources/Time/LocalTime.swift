/// A time of day as clients write it: `HH:MM`, `HH:MM:SS`, perhaps with a fraction and an offset.
///
/// The fraction is dropped. The offset is only noticed: windows are local to a time zone of their own.
package struct LocalTime: Hashable, Sendable {
    /// Seconds since midnight, 0 up to 86,400.
    package let seconds: Int
    package let hasOffset: Bool

    /// Nil when the text is no time of day.
    package init?(_ text: String) {
        var reader = DigitReader(Array(text.utf8))
        guard let hour = reader.number(digits: 2), reader.skip(":"), let minute = reader.number(digits: 2), hour < 24,
            minute < 60
        else { return nil }
        var second: Int64 = 0
        if reader.skip(":") {
            guard let written = reader.number(digits: 2), written < 60, reader.fraction() != nil else { return nil }
            second = written
        }
        hasOffset = !reader.atEnd
        if hasOffset {
            guard reader.offset() != nil, reader.atEnd else { return nil }
        }
        seconds = Int(hour * 3600 + minute * 60 + second)
    }
}
