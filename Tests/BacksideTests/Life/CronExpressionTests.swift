import Sandboxes
import Testing

@testable import Backside

@Suite struct CronExpressionTests {
    @Test(arguments: [
        "* * * * *", "0 2 * * 1-5", "*/15 0-6,22 1,15 JAN-MAR mon", "0 0 12 * * ?", "59 59 23 31 12 7", "5/10 * * * *",
        "  0\t2  * * *\t", "00 05 01 01 00", "0-59/59 * * * *", "0 0 ? * Mon-fri", "*/59 */23 */31 */12 */7",
        "1-1,*/2,30-40/5 * * feb,APR,7 sun,SAT", "0 0 31 2 *", "* * * dec/1 Tue-Thu/2",
    ])
    func aCronExpressionIsValid(text: String) { #expect(CronExpression.isValid(text)) }

    @Test(arguments: [
        "", "*", "* * * *", "* * * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
        "*/0 * * * *",
        "5-1 * * * *", "1-2-3 * * * *", ", * * * *", "a * * * *", "-1 * * * *", "1/2/3 * * * *", "* * * FOO *",
        "* * * * JAN",
        "99999999999999999999 * * * *",
        " ", "\t", "* * * * *\n", "*\u{A0}* * * *", "60 0 0 * * *", "* * 32 * *", "* * * 0 *", "*/60 * * * *",
        "*/ * * * *",
        "/5 * * * *", "1, * * * *", "1,,2 * * * *", "1- * * * *", "*-5 * * * *", "** * * * *", "007 * * * *",
        "+1 * * * *",
        "٣ * * * *", "* * * * monday", "* * * * FRI-MON", "* * * * ſun", "* * * * frı", "* * * * MON\u{301}",
        "? * * * *", "* * * ? *", "* * ?/2 * *", "* * 1,? * *", "@daily", "* * L * *", "* * 15W * *", "* * * * 5#2",
        "MON * * * *", "* * * * \0",
    ])
    func anythingElseIsNot(text: String) { #expect(!CronExpression.isValid(text)) }

    @Test func everyFieldMayListEveryValue() {
        func list(_ values: ClosedRange<Int>) -> String { values.map { "\($0)" }.joined(separator: ",") }
        let fields = [list(0...59), list(0...59), list(0...23), list(1...31), list(1...12), list(0...7)]
        #expect(CronExpression.isValid(fields.joined(separator: " ")))
    }

    @Test(arguments: ["*", "0,", "1-", "* ", "/", "\t", "é"])
    func aTextOfAnyLengthIsJudged(piece: String) {
        #expect(!CronExpression.isValid(String(repeating: piece, count: 1_000_000)))
    }
}
