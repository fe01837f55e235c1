/// Why a text is no JSON document, and the byte at which that shows.
package struct JSONSyntaxError: Error, Equatable {
    package let offset: Int
    package let message: String
    /// Whether the text may be good, and there was no memory to read it.
    package var lacksMemory = false
}
