package store

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/hook"
)

// An identity is kept as one value, in a column of its capture's row: a sender
// waits for each row that is written, and for each column. It is
//
//	form        1, for whoever adds to this
//	provider    text
//	candidates  how many, and that many texts
//	event       type, id and time as texts, and how many items
//	outcome     0 where there is no verification, and then nothing follows
//	scheme      text
//	reason      text
//	detail      text
//	unbound     0 or 1
//
// Numbers are uvarints, texts are a length and valid UTF-8.

const (
	identityForm = 1
	// maxText is how many bytes of a text of an identity are kept.
	maxText = 1 << 10
	// maxFitting is how many candidates are.
	maxFitting = 16
	maxItems   = math.MaxInt32
)

var errIdentity = errors.New("malformed identity")

// appendIdentity appends id to buf.
func appendIdentity(buf []byte, id *hook.Identity) []byte {
	buf = append(buf, identityForm)
	buf = appendText(buf, id.Provider)
	fitting := id.Candidates[:min(len(id.Candidates), maxFitting)]
	buf = binary.AppendUvarint(buf, uint64(len(fitting)))
	for _, name := range fitting {
		buf = appendText(buf, name)
	}
	buf = appendText(buf, id.Event.Type)
	buf = appendText(buf, id.Event.ID)
	buf = appendText(buf, id.Event.Time)
	buf = binary.AppendUvarint(buf, uint64(min(max(id.Event.Items, 0), maxItems)))
	v := id.Verification
	if v == nil {
		return append(buf, outcomeNone)
	}
	buf = append(buf, byte(outcomeCode(v.Outcome)))
	buf = appendText(buf, v.Scheme)
	buf = appendText(buf, v.Reason)
	buf = appendText(buf, v.Detail)
	return append(buf, byte(asInt(v.Unbound)))
}

// appendText appends s as far as it is kept.
func appendText(buf []byte, s string) []byte {
	s = bounded(s)
	buf = binary.AppendUvarint(buf, uint64(len(s)))
	return append(buf, s...)
}

// bounded is s as it is kept: not too long, and with U+FFFD for bytes that are not
// UTF-8, so that nothing which shows or searches identities need think of them.
func bounded(s string) string {
	if len(s) <= maxText && utf8.ValidString(s) { // as nearly all are: a sender waits
		return s
	}
	return clipped(strings.ToValidUTF8(clipped(s), "\ufffd"))
}

// clipped is s up to maxText bytes, less what is left of a character that is cut.
func clipped(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for end > maxText-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// identitySum is the checksum of data, the identity of the capture seq: 0 where there is none.
func identitySum(f *fingerprint, seq int64, data []byte) int64 {
	if len(data) == 0 {
		return 0
	}
	f.reset()
	f.number(seq)
	f.bytes(data)
	return f.sum()
}

// soundIdentity returns what data says of the capture seq, nil where that is
// nothing. It fails where sum is not its checksum.
func soundIdentity(f *fingerprint, seq int64, data []byte, sum int64) (*hook.Identity, error) {
	if sum != identitySum(f, seq, data) {
		return nil, errIdentity
	}
	if len(data) == 0 {
		return nil, nil
	}
	id, err := parseIdentity(data)
	if err == nil && id.IsZero() {
		id = nil
	}
	return id, err
}

// parseIdentity reads what appendIdentity wrote.
func parseIdentity(data []byte) (*hook.Identity, error) {
	p := newParts(data)
	p.number(identityForm, identityForm)
	id := &hook.Identity{Provider: p.text()}
	for range p.number(0, maxFitting) {
		id.Candidates = append(id.Candidates, p.text())
	}
	id.Event = hook.Event{Type: p.text(), ID: p.text(), Time: p.text(), Items: p.number(0, maxItems)}
	if outcome := p.number(outcomeNone, outcomeFailed); outcome != outcomeNone {
		id.Verification = &hook.Verification{
			Outcome: outcomeOf(outcome), Scheme: p.text(), Reason: p.text(), Detail: p.text(), Unbound: p.number(0, 1) == 1,
		}
	}
	if p.bad || p.more() {
		return nil, errIdentity
	}
	return id, nil
}

// parts are numbers and texts, one behind the other. Once one is not as it must
// be, parts are bad, and what is read is of no use.
type parts struct {
	data []byte
	all  string // data, once for all texts
	at   int
	bad  bool
}

func newParts(data []byte) *parts { return &parts{data: data, all: string(data)} }

// more reports whether anything is left.
func (p *parts) more() bool { return !p.bad && p.at < len(p.data) }

// number reads one from least to most.
func (p *parts) number(least, most int) int {
	n, size := binary.Uvarint(p.data[p.at:])
	if p.bad || size <= 0 || n < uint64(least) || n > uint64(most) {
		p.bad = true
		return least
	}
	p.at += size
	return int(n)
}

// text reads one that appendText wrote.
func (p *parts) text() string {
	size := p.number(0, maxText)
	if p.bad || size > len(p.data)-p.at {
		p.bad = true
		return ""
	}
	s := p.all[p.at : p.at+size]
	p.at += size
	p.bad = !utf8.ValidString(s)
	return s
}
