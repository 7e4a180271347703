package hook

import (
	"io"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

// The kinds of id, each the first part of the ids of that kind.
const (
	CapturePrefix  = "cap_"
	AttemptPrefix  = "att_"
	DeliveryPrefix = "dlv_"
	RunPrefix      = "run_"
)

// shortLen is how many of an id's last characters are shown: 40 random bits.
const shortLen = 8

// An ID names one capture, attempt, delivery or run for ever: a kind prefix and a ULID, such
// as "cap_01JD7Q3V9K4M2N8PXR5TWYZ6AB". IDs of one kind sort by creation time.
type ID string

// Short is the form shown to people: the last eight characters. Anything that
// takes an id accepts it as long as it is unique.
func (id ID) Short() string {
	if len(id) <= shortLen {
		return string(id)
	}
	return string(id[len(id)-shortLen:])
}

// Valid reports whether id is a whole id of the given kind.
func (id ID) Valid(prefix string) bool {
	rest, ok := strings.CutPrefix(string(id), prefix)
	if !ok || strings.ToUpper(rest) != rest {
		return false
	}
	_, err := ulid.ParseStrict(rest)
	return err == nil
}

// IDs makes ids that are unique by construction: time in milliseconds, then 80
// random bits that only ever grow within one millisecond. It is safe for
// concurrent use; several processes may each have their own.
type IDs struct {
	mu      sync.Mutex
	entropy *ulid.MonotonicEntropy
}

// NewIDs returns a source of ids that draws on entropy, which should be
// cryptographically random where ids of several processes meet in one store.
func NewIDs(entropy io.Reader) *IDs {
	return &IDs{entropy: ulid.Monotonic(entropy, 0)}
}

// New makes an id of the kind prefix for the time at.
// It fails only when the entropy cannot be read.
func (g *IDs) New(prefix string, at time.Time) (ID, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	u, err := ulid.New(ulid.Timestamp(at), g.entropy)
	if err != nil {
		return "", err
	}
	buf := make([]byte, len(prefix)+ulid.EncodedSize)
	copy(buf, prefix)
	if err := u.MarshalTextTo(buf[len(prefix):]); err != nil {
		return "", err
	}
	return ID(buf), nil
}
