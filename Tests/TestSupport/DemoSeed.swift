/// What the built-in seeds name, for tests that ask for it.
package enum DemoSeed {
    package static let userKey = "neo_sk_test_userKey1"
    package static let viewerKey = "neo_sk_test_viewerKey1"
    package static let expiredNeoKey = "neo_sk_test_expiredKey1"
    package static let revokedNeoKey = "neo_sk_test_revokedKey1"
    package static let backsideKey = "bsk_live_EverythingUnderstudy0123456789abcdefghijklm"
    package static let readOnlyKey = "bsk_test_ReadOnlyUnderstudy0123456789abcdefghijklmno"
    package static let writeOnlyKey = "bsk_test_WriteOnlyUnderstudy0123456789abcdefghijklmn"
    package static let otherScopeKey = "bsk_test_NoAgentsUnderstudy0123456789abcdefghijklmno"
    package static let expiredBacksideKey = "bsk_test_ExpiredUnderstudy0123456789abcdefghijklmnop"
    package static let revokedBacksideKey = "bsk_test_RevokedUnderstudy0123456789abcdefghijklmnop"

    package static let backfillWithFailures = "00000000-0000-4000-8000-00000000ba04"
    package static let succeededRun = "00000000-0000-4000-8000-00000000a904"
}
