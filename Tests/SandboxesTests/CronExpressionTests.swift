import Sandboxes
import Testing

@Suite struct CronExpressionTests {
    @Test(arguments: [
        "* * * * *", "0 2 * * 1-5", "*/15 0-6,22 1,15 JAN-MAR mon", "0 0 12 * * ?", "59 59 23 31 12 7", "5/10 * * * *",
    ])
    func aCronExpressionIsValid(text: String) { #expect(CronExpression.isValid(text)) }

    @Test(arguments: [
        "", "*", "* * * *", "* * * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
        "*/0 * * * *",
        "5-1 * * * *", "1-2-3 * * * *", ", * * * *", "a * * * *", "-1 * * * *", "1/2/3 * * * *", "* * * FOO *",
        "* * * * JAN",
        "99999999999999999999 * * * *",
    ])
    func anythingElseIsNot(text: String) { #expect(!CronExpression.isValid(text)) }
}
