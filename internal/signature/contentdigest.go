package signature

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"

	"github.com/hookctl/hookctl/internal/hook"
)

const contentDigest = "content-digest"

// checkContentDigest compares a body with the header Content-Digest (RFC 9530, 2).
// All digests of it that are trusted must be those of the body, and one at least
// must be there. The error is a *fault.
func checkContentDigest(h hook.Header, body []byte) error {
	stated, err := dictionaryOf(h, "Content-Digest")
	if err != nil {
		return err
	}
	known := 0
	for i := range stated {
		sum, ok := contentSum(stated[i].key, body)
		if !ok {
			continue // one of those that RFC 9530 has for old times' sake, or a new one
		}
		if stated[i].isList || stated[i].item.kind != fieldBytes {
			return faultf(Malformed, "header Content-Digest: want %s to be a byte sequence between colons", stated[i].key)
		}
		if subtle.ConstantTimeCompare(sum, []byte(stated[i].item.text)) != 1 {
			return faultf(BadDigest, "the body is not the one whose %s is signed", stated[i].key)
		}
		known++
	}
	if known == 0 {
		return faultf(Malformed, "header Content-Digest has neither sha-256 nor sha-512")
	}
	return nil
}

// contentSum is the digest of a body by an algorithm of RFC 9530; false for all but
// those that still hold.
func contentSum(algorithm string, body []byte) ([]byte, bool) {
	switch algorithm {
	case "sha-256":
		sum := sha256.Sum256(body)
		return sum[:], true
	case "sha-512":
		sum := sha512.Sum512(body)
		return sum[:], true
	}
	return nil, false
}

// newContentDigest is the value of a Content-Digest of body.
func newContentDigest(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}
