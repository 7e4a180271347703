package signature

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
)

// A maker makes a signature of a key and what is signed.
type maker struct {
	mistake
	sum   func(k *keyForm, write content) ([]byte, error)
	token bool // the sum is compared with what is written, not with what that decodes to
	// judge stands in the place of sum where the scheme is code.
	judge func(*key, *provider.Message) bool
}

// A named hash, as people call it.
type namedHash struct {
	name, words string
	size        int
	make        func() hash.Hash
}

func namedHashes() []namedHash {
	return []namedHash{
		{"sha256", "SHA-256", sha256.Size, sha256.New},
		{"sha1", "SHA-1", sha1.Size, sha1.New},
		{"sha512", "SHA-512", sha512.Size, sha512.New},
		{"sha384", "SHA-384", sha512.Size384, sha512.New384},
		// Senders that are old enough still use it.
		{"md5", "MD5", md5.Size, md5.New},
	}
}

// makersFor returns the maker of s, and then others whose sums are long enough to
// be one of targets.
func makersFor(s *provider.Scheme, targets []target) []maker {
	makers := []maker{makerOf(s.Algorithm)}
	if s.Algorithm.Asymmetric() {
		return makers
	}
	shortest := 1 << 20
	for _, t := range targets {
		if !t.raw && len(t.text) >= leastCut {
			shortest = min(shortest, len(t.text))
		}
	}
	hashes := namedHashes()
	for _, h := range hashes {
		if h.size >= shortest {
			makers = append(makers, hmacMaker(h))
		}
	}
	for _, h := range hashes {
		if h.size >= shortest {
			makers = append(makers, plainMakers(h)...)
		}
	}
	if s.Algorithm == provider.PlainSHA1 || s.Algorithm == provider.PlainSHA256 {
		for i := range makers[1:] {
			makers[i+1].why, makers[i+1].fix = hashedPlain(s)
		}
	}
	if !s.Algorithm.Token() {
		makers = append(makers, tokenMaker())
	}
	return makers
}

// hashedPlain says how the signature of a scheme is made that is a hash without a key:
// people take it for an HMAC, as nearly all others are.
func hashedPlain(s *provider.Scheme) (why, fix string) {
	var parts []string
	for _, piece := range piecesOf(s.Content.String()) {
		name := strconv.Quote(piece)
		if isPlace(piece) {
			name, _, _ = strings.Cut(strings.Trim(piece, "{}"), ":")
		}
		parts = append(parts, name)
	}
	text := strings.Join(parts, " + ")
	return "the provider's signature is a plain hash of the secret and what is signed, and no HMAC, whatever its header is called",
		"hash without a key: createHash('" + string(s.Algorithm) + "').update(" + text + ") in Node.js, hashlib." + string(s.Algorithm) + "(" + text + ") in Python"
}

// makerOf is the algorithm as it should be.
func makerOf(a provider.Algorithm) maker {
	return maker{token: a.Token(), sum: func(k *keyForm, write content) ([]byte, error) {
		plain := key{algorithm: a, secret: k.secret}
		if a.Token() {
			return plain.token(), nil
		}
		return hashed(newHash(a, k.secret), k.secret, write)
	}}
}

// hashed is the sum of what is written. secret is for contents that have it in them.
func hashed(h hash.Hash, secret []byte, write content) ([]byte, error) {
	err := write(secret, func(part []byte) { h.Write(part) })
	return h.Sum(nil), err
}

// noSecret keeps the secret out of a content that has a place for it.
func noSecret() []byte { return []byte{} }

func hmacMaker(h namedHash) maker {
	return maker{
		mistake: mistake{
			id: "algorithm-hmac-" + h.name, condition: "it is an HMAC with " + h.words,
			why: "whatever signed this used another algorithm than the provider does, or the header belongs to another scheme",
			fix: "use the algorithm that the scheme says: createHmac in Node.js, hmac.new in Python take its name",
		},
		sum: func(k *keyForm, write content) ([]byte, error) {
			return hashed(hmac.New(h.make, k.secret), noSecret(), write)
		},
	}
}

// plainMakers hash without HMAC, with the secret before or after, or not at all;
// and with HMAC, but the secret and what is signed exchanged.
func plainMakers(h namedHash) []maker {
	plain := func(before, after bool) func(*keyForm, content) ([]byte, error) {
		return func(k *keyForm, write content) ([]byte, error) {
			sum := h.make()
			if before {
				sum.Write(k.secret)
			}
			err := write(noSecret(), func(part []byte) { sum.Write(part) })
			if after {
				sum.Write(k.secret)
			}
			return sum.Sum(nil), err
		}
	}
	form := func(id, condition string, sum func(*keyForm, content) ([]byte, error)) maker {
		return maker{sum: sum, mistake: mistake{
			id: id + h.name, condition: condition, why: "whatever signed this did not use an HMAC with the secret as its key",
			fix: "use an HMAC: createHmac('sha256', secret).update(body) in Node.js, hmac.new(secret, body, sha256) in Python",
		}}
	}
	exchanged := func(k *keyForm, write content) ([]byte, error) {
		var whole bytes.Buffer
		err := write(noSecret(), func(part []byte) { whole.Write(part) })
		mac := hmac.New(h.make, whole.Bytes())
		mac.Write(k.secret)
		return mac.Sum(nil), err
	}
	return []maker{
		form("algorithm-plain-secret-first-", "it is the "+h.words+" of the secret followed by what is signed, and no HMAC", plain(true, false)),
		form("algorithm-plain-secret-last-", "it is the "+h.words+" of what is signed followed by the secret, and no HMAC", plain(false, true)),
		form("algorithm-no-secret-", "it is the "+h.words+" of what is signed, without any secret", plain(false, false)),
		form("algorithm-exchanged-", "the secret and what is signed are exchanged in the HMAC with "+h.words, exchanged),
	}
}

// tokenMaker is for secrets that are sent as they are.
func tokenMaker() maker {
	return maker{
		token: true,
		mistake: mistake{
			id: "algorithm-token", condition: "the header carries the secret itself",
			why: "whatever sent this put the secret where the signature belongs: whoever sees the request has it",
			fix: "sign the message; and change the secret, for it has been sent in the open",
		},
		sum: func(k *keyForm, _ content) ([]byte, error) { return k.text, nil },
	}
}
