package import Time

/// What a request meets instead of an answer that is right and at once.
package struct FaultResponse: Hashable, Sendable {
    /// How long the first byte is held back, in milliseconds.
    package enum Delay: Hashable, Sendable {
        case fixed(Double)
        case drawn(DelayDistribution)
    }

    /// The body in pieces.
    package struct Dribble: Hashable, Sendable {
        package let chunks: Int
        package let milliseconds: Double
    }

    package let delay: Delay
    package let dribble: Dribble?
    package let outcome: FaultOutcome
}

/// What comes in the end.
package enum FaultOutcome: Hashable, Sendable {
    /// The answer that would have come anyway.
    case real
    /// An answer that changes nothing; without a body the API has words of its own for the status.
    case status(Int, fields: [FaultField], body: FaultBody?)
    /// No answer: the connection breaks.
    case broken(Breakage)

    /// WireMock's words for how.
    package enum Breakage: String, CaseIterable, Sendable {
        case emptyResponse = "EMPTY_RESPONSE"
        case malformedResponseChunk = "MALFORMED_RESPONSE_CHUNK"
        case randomDataThenClose = "RANDOM_DATA_THEN_CLOSE"
        case connectionResetByPeer = "CONNECTION_RESET_BY_PEER"
    }
}

/// A header field of a forced answer.
package struct FaultField: Hashable, Sendable {
    package let name: String
    package let value: String
}

/// The body of a forced answer.
package enum FaultBody: Hashable, Sendable {
    case text(String)
    /// JSON without white space.
    case json(String)

    var byteCount: Int {
        switch self {
        case .text(let text), .json(let text): text.utf8.count
        }
    }
}

/// What one request meets: a fault's response, its chances drawn.
package struct MetFault: Hashable, Sendable {
    /// The fault's name.
    package let name: String
    package let delayMilliseconds: Double
    package let dribble: FaultResponse.Dribble?
    package let outcome: FaultOutcome

    package init(
        name: String, delayMilliseconds: Double, dribble: FaultResponse.Dribble? = nil, outcome: FaultOutcome
    ) {
        self.name = name
        self.delayMilliseconds = delayMilliseconds
        self.dribble = dribble
        self.outcome = outcome
    }
}
