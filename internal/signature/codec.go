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
	return false
}

// judgeCodec checks m by a codec. The error is a *fault.
func (v *Verifier) judgeCodec(s *scheme, m *provider.Message, now time.Time) error {
	return fmt.Errorf("unknown codec %s", s.Codec)
}

// signCodec adds the signature of a codec.
func signCodec(s *provider.Scheme, scope *provider.Scope, d Draft, keys []*key, signed *Signed) error {
	return fmt.Errorf("unknown codec %s", s.Codec)
}
