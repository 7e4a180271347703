package signature

import (
	"fmt"
	"time"

	"github.com/hookctl/hookctl/internal/provider"
)

// codecPlace says where the signature of a codec is.
func codecPlace(c provider.Codec) string {
	switch c {
	case provider.CodecMessageSignatures:
		return "header Signature"
	case provider.CodecSNS:
		return "Signature in the JSON body"
	}
	return ""
}

// codecPresent reports whether m has a signature of a codec.
func codecPresent(c provider.Codec, m *provider.Message) bool {
	switch c {
	case provider.CodecMessageSignatures:
		return m.Header.Has("Signature") || m.Header.Has("Signature-Input")
	case provider.CodecSNS:
		_, ok := snsField(m.Body, "Signature")
		return ok
	}
	return false
}

// codecReads are the places in the JSON body that a codec reads.
func codecReads(c provider.Codec) []provider.Place {
	var places []provider.Place
	if c == provider.CodecSNS {
		for _, name := range snsFields() {
			if place, err := provider.ParsePlace("json:" + name); err == nil {
				places = append(places, place)
			}
		}
	}
	return places
}

// codecKey says which key a codec is checked with, where that is not plain.
func codecKey(c provider.Codec) string {
	if c == provider.CodecSNS {
		return "the certificate at SigningCertURL is one, in PEM; hookctl never fetches it, as who sends the message chooses that URL"
	}
	return ""
}

// judgeCodec checks m by a codec. The error is a *fault.
func (v *Verifier) judgeCodec(s *scheme, m *provider.Message, now time.Time) error {
	switch s.Codec {
	case provider.CodecMessageSignatures:
		return v.judgeMessageSignatures(s, m, now)
	case provider.CodecSNS:
		return v.judgeSNS(s, m, now)
	}
	return fmt.Errorf("unknown codec %s", s.Codec)
}

// signCodec adds the signature of a codec.
func signCodec(s *provider.Scheme, scope *provider.Scope, d Draft, keys []*key, signed *Signed) error {
	switch s.Codec {
	case provider.CodecMessageSignatures:
		return signMessage(s, scope.Message, d, keys)
	case provider.CodecSNS:
		return signSNS(s, scope.Message, keys, signed)
	}
	return fmt.Errorf("unknown codec %s", s.Codec)
}

// plain is a content that is there already.
func plain(text string) content {
	return func(_ []byte, emit func([]byte)) error {
		emit([]byte(text))
		return nil
	}
}
