package replay_test

import (
	"io"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
)

// An unread body fails the test when somebody reads it.
type unread struct {
	t    *testing.T
	size int64
}

func (u unread) Size() int64 { return u.size }

func (u unread) Open() (io.ReadCloser, error) {
	u.t.Error("the body is read")
	return nil, io.ErrUnexpectedEOF
}

// The age of a signature in a header is told without the body.
func TestAgesAreToldWithoutTheBody(t *testing.T) {
	p, profile, keys := party(t, "stripe", "whsec_1")
	c := captured(t, profile, keys, "charge.failed", `{"type":"charge.failed","id":"evt_1"}`)
	c.Body, c.BodySize = unread{t, 9}, 9
	made, err := maker(t, p, replay.SignOriginal).Make(c)
	if err != nil || made.Stale == 0 {
		t.Errorf("stale %s, %v", made.Stale, err)
	}
}

func TestTheReplyIsJudgedByTheProvider(t *testing.T) {
	strict, _, _ := party(t, "recharge", "secret") // 200 alone
	m := maker(t, strict, replay.SignOriginal)
	for _, test := range []struct {
		reply *hook.Reply
		known bool // the provider
		told  bool // the answer
		good  bool
	}{
		{nil, true, false, false},
		{&hook.Reply{Status: 200}, true, true, true},
		{&hook.Reply{Status: 302}, true, true, false},
		{&hook.Reply{Status: 201}, false, true, true},
		{&hook.Reply{Dropped: hook.DroppedReset}, true, true, false},
	} {
		c := &hook.Capture{ID: "cap_1", Reply: test.reply}
		if test.known {
			c.Identity = &hook.Identity{Provider: "recharge"}
		}
		got := m.Reply(c)
		if (got != nil) != test.told || got != nil && got.Acknowledged != test.good {
			t.Errorf("%+v: %+v", test.reply, got)
		}
	}
}
