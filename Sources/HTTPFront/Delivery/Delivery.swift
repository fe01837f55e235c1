/// How a response reaches its client when not whole and at once. No thread waits meanwhile.
package struct Delivery: Sendable, Hashable {
    /// The body in so many pieces, spread evenly over so long.
    package struct Dribble: Sendable, Hashable {
        package let chunks: Int
        package let milliseconds: Double

        package init(chunks: Int, milliseconds: Double) {
            self.chunks = chunks
            self.milliseconds = milliseconds
        }
    }

    /// A way to break the connection instead of giving the response.
    package enum Breakage: Sendable, Hashable, CaseIterable {
        /// Closed without a byte.
        case empty
        /// The status and headers, then bytes that are no chunk of a chunked body, then closed.
        case malformedChunk
        /// Bytes that are no HTTP, then closed.
        case randomThenClose
        /// Closed with a TCP reset.
        case reset
    }

    /// How long after the answer was made its first byte is sent.
    package var delayMilliseconds: Double
    package var dribble: Dribble?
    package var breakage: Breakage?

    package init(delayMilliseconds: Double = 0, dribble: Dribble? = nil, breakage: Breakage? = nil) {
        self.delayMilliseconds = delayMilliseconds
        self.dribble = dribble
        self.breakage = breakage
    }
}
