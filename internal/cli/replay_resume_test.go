package cli

import (
	"errors"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
)

func TestASpecIsKeptForAnyFolder(t *testing.T) {
	dir := t.TempDir()
	spec := replaySpec{To: "3000", Secret: []string{"file:a/b.txt", "env:NAME"}, Provider: "./mine"}
	text, err := spec.kept(dir)
	if err != nil {
		t.Fatal(err)
	}
	was, err := readSpec(text)
	want := []string{"file:" + filepath.Join(dir, "a/b.txt"), "env:NAME"}
	if err != nil || !slices.Equal(was.Secret, want) || was.Provider != filepath.Join(dir, "mine") || was.To != "3000" || was.Withheld {
		t.Errorf("%+v, %v", was, err)
	}
	spec.Provider = "stripe"
	if text, err = spec.kept(dir); err != nil {
		t.Fatal(err)
	}
	if was, err := readSpec(text); err != nil || was.Provider != "stripe" {
		t.Errorf("a name is taken for a folder: %s, %v", was.Provider, err)
	}
}

func TestASpecIsKeptWithoutPasswords(t *testing.T) {
	spec := replaySpec{To: "http://me:hidden@h/api?x=1", Header: []string{"A: 1", "Authorization: hidden", "X-Token: hidden"}}
	text, err := spec.kept("/")
	if err != nil || strings.Contains(string(text), "hidden") || strings.Contains(string(text), "me:") || spec.Header[1] != "Authorization: hidden" {
		t.Fatalf("%s, %v", text, err)
	}
	for name, test := range map[string]struct {
		to     string
		header hook.Header
		want   string // of the error
	}{
		"nothing":       {"", nil, "the user and password of http://h/api?x=1 were not kept"},
		"no password":   {"http://h/api?x=1", nil, "began with a user and password"},
		"elsewhere":     {"http://me:hidden@other/api?x=1", nil, "goes to http://h/api?x=1"},
		"no header":     {"http://me:hidden@h/api?x=1", nil, "the value of the header Authorization was not kept"},
		"one header":    {"http://me:hidden@h/api?x=1", hook.Header{{Name: "Authorization", Value: "hidden"}}, "the header X-Token was not kept"},
		"a new header":  {"http://me:hidden@h/api?x=1", hook.Header{{Name: "B", Value: "2"}}, "B is not among what was withheld"},
		"all, and more": {"http://me:hidden@H:80/api?x=1", hook.Header{{Name: "A", Value: "1"}, {Name: "X-Token", Value: "hidden"}, {Name: "Authorization", Value: "hidden"}}, ""},
	} {
		was, err := readSpec(text)
		if err == nil {
			err = was.giveTarget(test.to)
		}
		if err == nil {
			err = was.giveHeader(test.header)
		}
		switch {
		case test.want != "":
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want %q", name, err, test.want)
			}
		case err != nil || was.To != test.to || !slices.Equal(was.Header, spec.Header):
			t.Errorf("%s: %+v, %v", name, was, err)
		}
	}
}

func TestIDsOfLines(t *testing.T) {
	for line, want := range map[string]string{
		"cap_1":                               "cap_1",
		`{"id":"cap_1"}`:                      "cap_1",
		`{"id":"att_1","capture_id":"cap_2"}`: "cap_2",
		`{"kind":"attempt","capture_id":"cap_2","id":"att_1"}`: "cap_2",
		`{"id":"att_1","capture_id":null}`:                     "",
		`{"id":"att_1"}`:                                       "",
		`{"seq":1}`:                                            "",
	} {
		if id, ok := idOfLine([]byte(line)); ok != (want != "") || ok && id != want {
			t.Errorf("%s: %q, %t", line, id, ok)
		}
	}
	a := &app{world: &World{Stdin: strings.NewReader("\xef\xbb\xbfcap_1\r\n\n cap_2 ")}}
	var ids []string
	for id, err := range idLines(a) {
		if err != nil {
			t.Error(err)
		}
		ids = append(ids, id)
	}
	if !slices.Equal(ids, []string{"cap_1", "cap_2"}) {
		t.Errorf("%q", ids)
	}
}

func TestOnePlaceByAnyName(t *testing.T) {
	to, err := url.Parse("http://localhost:3000/hooks")
	if err != nil {
		t.Fatal(err)
	}
	here := replayTarget{url: to}
	for at, want := range map[string]bool{
		"http://localhost:3000/hooks": true, "http://127.0.0.1:3000/hooks": true, "http://[::1]:3000/hooks": true, "HTTP://LOCALHOST:3000/hooks": true,
		"http://127.0.0.1:3001/hooks": false, "https://127.0.0.1:3000/hooks": false, "http://127.0.0.1:3000/Hooks": false, "http://127.0.0.10:3000/hooks": false,
	} {
		if here.got(&hook.Attempt{URL: at}, "http://localhost:3000/hooks") != want {
			t.Errorf("%s: the same is %t", at, !want)
		}
	}
	for one, other := range map[string]string{
		"http://h": "http://h:80/", "https://h:443/x?y=1": "https://h/x?y=1", "http://127.0.0.1": "http://localhost:80/",
	} {
		if onePlace(one) != onePlace(other) {
			t.Errorf("%s is not %s", one, other)
		}
	}
	if onePlace("http://h:443/") == onePlace("http://h/") || onePlace("http://h:8080/") == onePlace("http://h/") {
		t.Error("another port is the same")
	}
}

func TestWhatFailedInTheEyesOfItsSender(t *testing.T) {
	sel := &replaySelection{reply: replay.ReplyOf}
	bad := false
	for name, test := range map[string]struct {
		reply   *hook.Reply
		attempt *hook.Attempt
		want    bool
	}{
		"no answer":            {nil, nil, true},
		"acknowledged":         {&hook.Reply{Status: 204}, nil, false},
		"a redirect":           {&hook.Reply{Status: 302}, nil, true},
		"an error":             {&hook.Reply{Status: 500}, nil, true},
		"dropped":              {&hook.Reply{Dropped: hook.DroppedReset}, nil, true},
		"an attempt since":     {&hook.Reply{Status: 500}, &hook.Attempt{Status: 200}, false},
		"one that failed":      {&hook.Reply{Status: 200}, &hook.Attempt{Status: 500}, true},
		"one judged as failed": {nil, &hook.Attempt{Status: 200, Acknowledged: &bad}, true},
	} {
		if got := sel.hadFailed(&hook.Capture{Reply: test.reply}, test.attempt); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestTheLineBreakOfAnEditor(t *testing.T) {
	for _, test := range [][3]string{ // as it was, as the editor left it, what is meant
		{`{"a":1}`, "{\"a\":2}\n", `{"a":2}`},
		{`{"a":1}`, "{\"a\":2}\r\n", `{"a":2}`},
		{`{"a":1}`, "{\"a\":2}\n\n", "{\"a\":2}\n"},
		{"{}\n", "[]\n", "[]\n"},
		{"{}", "[]", "[]"},
	} {
		if got := withoutAdded([]byte(test[1]), []byte(test[0])); string(got) != test[2] {
			t.Errorf("%q from %q: %q", test[1], test[0], got)
		}
	}
}

func TestAnOutletThatNobodyReads(t *testing.T) {
	told := 0
	o := &outlet{Writer: closedPipe{}, onClose: func() { told++ }}
	for range 3 {
		if n, err := o.Write([]byte("abc")); n != 3 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	full := &outlet{Writer: failing{syscall.ENOSPC}, onClose: func() { told++ }}
	if _, err := full.Write([]byte("abc")); !errors.Is(err, syscall.ENOSPC) || told != 1 {
		t.Errorf("%v, told %d times", err, told)
	}
}

// failing is a writer that fails.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
