import Testing

import Time

/// The simulation alone: values in, values out.
@Suite struct ParcelCourseTests {
    private static let start = Instant(microseconds: 0)

    private static func changes(_ course: ParcelCourse, through seconds: Int64) -> [String] {
        var course = course
        return course.advance(to: start.adding(seconds: seconds)).map {
            "\($0.at.microseconds / 1_000_000) \($0.from.rawValue) \($0.to.rawValue)"
        }
    }

    @Test func aParcelIsPickedUpAndDelivered() {
        let course = ParcelCourse(acceptedAt: Self.start, lostAfter: nil)
        #expect(Self.changes(course, through: 9) == [])
        #expect(
            Self.changes(course, through: 1_000) == ["10 accepted on_the_way", "40 on_the_way delivered"])
    }

    @Test(
        arguments: [
            (0, ["0 accepted lost"]), (10, ["10 accepted lost"]),
            (25, ["10 accepted on_the_way", "25 on_the_way lost"]),
            (40, ["10 accepted on_the_way", "40 on_the_way lost"]),
            (41, ["10 accepted on_the_way", "40 on_the_way delivered"]),
        ] as [(Int64, [String])])
    func aParcelIsLostUnlessItHasArrived(after seconds: Int64, changes: [String]) {
        #expect(Self.changes(ParcelCourse(acceptedAt: Self.start, lostAfter: seconds), through: 1_000) == changes)
    }

    @Test(arguments: [nil, 0, 10, 17, 40, 90] as [Int64?])
    func howTimeIsCutMakesNoDifference(lostAfter: Int64?) {
        let course = ParcelCourse(acceptedAt: Self.start, lostAfter: lostAfter)
        var whole = course
        let atOnce = whole.advance(to: Self.start.adding(seconds: 50))
        for step in [1, 3, 10, 25] as [Int64] {
            var cut = course
            var changes: [ParcelCourse.Change] = []
            for second in stride(from: Int64(0), through: 50, by: Int64.Stride(step)) {
                changes += cut.advance(to: Self.start.adding(seconds: second))
            }
            #expect(cut == whole)
            #expect(changes == atOnce)
        }
    }

    @Test func onlyWhatIsOnItsWayIsSentBack() {
        var course = ParcelCourse(acceptedAt: Self.start, lostAfter: nil)
        let first = course.sendBack(at: Self.start.adding(seconds: 3))
        let second = course.sendBack(at: Self.start.adding(seconds: 4))
        #expect((first, second) == (true, false))
        #expect(course.status == .returned)
        #expect(course.next == nil)
    }
}
