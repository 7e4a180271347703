package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
)

// What is kept of a replay has no secret in it, and says that one is wanted again.
func TestASpecIsKeptWithoutSecrets(t *testing.T) {
	spec := replaySpec{To: "http://localhost", Secret: []string{"whsec_hidden", "env:NAME", "file:secret.txt"}}
	text, err := spec.kept("/home")
	if err != nil || strings.Contains(string(text), "hidden") {
		t.Fatalf("%s, %v", text, err)
	}
	was, err := readSpec(text)
	if err != nil || !was.Withheld || len(was.Secret) != 2 || len(spec.Secret) != 3 {
		t.Errorf("%+v, %v", was, err)
	}
}

func TestTheSameTargetIsKnownAgain(t *testing.T) {
	one := replaySpec{All: true, To: "http://localhost"}
	for _, test := range []struct {
		other replaySpec
		same  bool
	}{
		{replaySpec{Failed: true, To: "http://127.0.0.1:80/"}, true},
		{replaySpec{All: true, To: "http://localhost/hooks"}, false},
		{replaySpec{All: true, Endpoint: "shop"}, false},
	} {
		if one.sameTargetAs(test.other) != test.same {
			t.Errorf("%+v: want %t", test.other, test.same)
		}
	}
}

// Every part of a spec comes back as it was kept.
func TestASpecComesBack(t *testing.T) {
	spec := replaySpec{
		IDs: []string{"cap_1"}, Since: "8h", Failed: true, Limit: 3, Now: time.Unix(9, 0).UTC(), Last: 7, Endpoint: "shop", Sign: "fresh",
		Set: []string{"a=1"}, Header: []string{"A: b"}, Rate: hook.Rate{Count: 5, Per: time.Second}, Concurrency: 2, Speed: 10, Repeat: 2,
		Timeout: time.Second, Diff: true,
	}
	text, err := spec.kept("/home")
	if err != nil {
		t.Fatal(err)
	}
	was, err := readSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(was)
	if err != nil || string(again) != string(text) || was.Rate != spec.Rate {
		t.Errorf("kept %s, came back %s", text, again)
	}
}

func TestHowFarAReplayIs(t *testing.T) {
	l := &replayPosition{spec: &replaySpec{Last: 109, Repeat: 2}}
	l.at(&replay.Shot{Capture: &hook.Capture{Seq: 100}, Try: 1})
	if got := l.done(); got != 0.05 {
		t.Errorf("a tenth of the first of two: %g", got)
	}
	ids := &replayPosition{spec: &replaySpec{IDs: []string{"a", "b", "c", "d"}, Repeat: 1}, count: 2}
	if got := ids.done(); got != 0.5 {
		t.Errorf("two of four: %g", got)
	}
	narrow := &replayTeller{replayer: &replayer{app: &app{world: &World{Now: func() time.Time { return time.Unix(2, 0) }}}}, start: time.Unix(0, 0), position: *ids}
	narrow.total.Sent, narrow.total.Acknowledged = 2, 1
	if got := narrow.progress(); got != "replaying 2, 1/s, 1 failed, 2s left [############............]" {
		t.Errorf("%s", got)
	}
	if got := (&replayPosition{spec: &replaySpec{IDs: []string{"-"}}}).done(); got != 0 {
		t.Errorf("from standard input: %g", got)
	}
}
