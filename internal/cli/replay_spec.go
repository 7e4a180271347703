package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
	"github.com/spf13/cobra"
)

// The paces of a replay.
const (
	paceFast     = "fast"
	paceOriginal = "original"
)

// A replaySpec says what is replayed, and how. It is kept with a run, so that the run can
// be gone on with as it began.
type replaySpec struct {
	// IDs are as the user gives them, and whole once they were looked up; "-" alone is
	// standard input.
	IDs          []string `json:"ids,omitempty"`
	Query        string   `json:"query,omitempty"`
	All          bool     `json:"all,omitempty"`
	Since        string   `json:"since,omitempty"`
	Until        string   `json:"until,omitempty"`
	Event        string   `json:"event,omitempty"`
	Failed       bool     `json:"failed,omitempty"`
	Missing      bool     `json:"missing,omitempty"`
	SinceAttempt string   `json:"since_attempt,omitempty"`
	Limit        int      `json:"limit,omitempty"`
	// Now is what ages count from, Last the seq of the last capture that comes into
	// question: what a target sends back here is not sent on for ever.
	Now  time.Time `json:"now"`
	Last int64     `json:"last"`

	To       string `json:"to,omitempty"`
	Endpoint string `json:"endpoint,omitempty"`

	Sign     string   `json:"sign"`
	Provider string   `json:"provider,omitempty"`
	Secret   []string `json:"secret,omitempty"`
	// Withheld says that a secret was given that is not kept here, ToWithheld that of a user
	// and password in To, and HeaderWithheld names the fields of Header without their values.
	Withheld       bool     `json:"secret_withheld,omitempty"`
	ToWithheld     bool     `json:"to_withheld,omitempty"`
	HeaderWithheld []string `json:"header_withheld,omitempty"`
	NewID          bool     `json:"new_id,omitempty"`
	Set            []string `json:"set,omitempty"`
	Unset          []string `json:"unset,omitempty"`
	Header         []string `json:"header,omitempty"`
	Method         string   `json:"method,omitempty"`

	Rate        hook.Rate     `json:"rate,omitzero"`
	Concurrency int           `json:"concurrency"`
	Speed       float64       `json:"speed,omitempty"` // 0 is as fast as can be
	Repeat      int           `json:"repeat"`
	Timeout     time.Duration `json:"timeout,omitempty"`
	Insecure    bool          `json:"insecure,omitempty"`
	Diff        bool          `json:"diff,omitempty"`
}

// stdin reports whether the ids come on standard input.
func (s *replaySpec) stdin() bool { return len(s.IDs) == 1 && s.IDs[0] == "-" }

// single reports whether no more than one request can come of s.
func (s *replaySpec) single() bool { return len(s.IDs) == 1 && !s.stdin() && s.Repeat == 1 }

// settle takes over the flags that have types of their own, and refuses what cannot be meant.
func (o *replayOptions) settle(a *app, cmd *cobra.Command) error {
	o.Sign, o.Rate, o.Header = o.sign.value, o.rate.Rate, o.header.GetSlice()
	if o.pace.value == paceOriginal {
		o.Speed = max(float64(o.speed), 0)
		if o.Speed == 0 {
			o.Speed = 1
		}
	}
	o.Now = a.world.Now()
	for _, check := range []func() error{o.checkSelection, o.checkTarget, o.checkChanges, o.checkNumbers} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (o *replayOptions) checkSelection() error {
	filters := o.Query != "" || o.Since != "" || o.Until != "" || o.Event != "" || o.SinceAttempt != ""
	switch {
	case len(o.IDs) == 0 && !filters && !o.All && !o.Failed && !o.Missing:
		return usage("give ids (last is one too), --query QUERY, --since 8h, --failed, --missing or --all", "replay: no captures are named")
	case len(o.IDs) > 0 && (filters || o.All):
		return usage(o.targetMeant(), "replay: ids do not go with --query, --all, --since, --until, --event and --since-attempt")
	case o.All && filters:
		return usage("leave it out", "replay: --all leaves nothing out and does not go with --query, --since, --until, --event and --since-attempt")
	case len(o.IDs) > 1 && slices.Contains(o.IDs, "-"):
		return usage("", "replay: ids come on the command line or, with - alone, on standard input")
	case o.stdin() && o.Repeat > 1:
		return usage("", "--repeat: standard input can be read once only")
	case o.Limit < 0:
		return usage("", "--limit: want 0 or more, got %d", o.Limit)
	}
	return nil
}

// targetMeant says which flag takes the target, where that stands among the ids.
func (o *replayOptions) targetMeant() string {
	for _, id := range o.IDs {
		if o.To == "" && o.Endpoint == "" && isTarget(id) {
			return "--to " + shellWord(withoutUser(id)) + " names the target"
		}
	}
	return ""
}

func (o *replayOptions) checkTarget() error {
	switch {
	case o.To == "" && o.Endpoint == "":
		return usage(orDefault(o.targetMeant(), "--to URL names it, such as --to http://localhost:3000; --endpoint NAME is one of hookctl.yaml"), "replay: the target is missing")
	case o.To != "" && o.Endpoint != "":
		return usage("give one of them", "replay: --to and --endpoint exclude each other")
	}
	for _, f := range o.header {
		if hook.HopByHop(f.Name) || strings.EqualFold(f.Name, "Content-Length") {
			return usage("", "--header: %s belongs to the connection or the message itself and cannot be set", f.Name)
		}
	}
	return nil
}

func (o *replayOptions) checkChanges() error {
	changed := ""
	switch {
	case len(o.Set) > 0:
		changed = "--set"
	case len(o.Unset) > 0:
		changed = "--unset"
	case o.edit:
		changed = "--edit"
	}
	switch {
	case changed != "" && !o.signed:
		return usage("--sign fresh signs what is sent, --sign none takes the signature out, --sign original leaves the one that came",
			"%s changes the body, and the signature that came does not fit it any more", changed)
	case o.NewID && o.Sign != replay.SignFresh:
		return usage("add --sign fresh", "--new-id gives events another id, and the signature that came does not fit it")
	case o.edit && !o.single():
		return usage("name one id", "--edit changes one capture")
	case len(o.Secret) > 0 && o.Sign != replay.SignFresh:
		return usage("add --sign fresh", "--secret is to sign with, and nothing is signed")
	case strings.ContainsFunc(o.Method, func(r rune) bool { return !isTokenRune(r) }):
		return usage("", "--method: want a method such as POST, got %q", o.Method)
	}
	_, err := parseBodyEdits(o.Set, o.Unset)
	return err
}

func (o *replayOptions) checkNumbers() error {
	switch {
	case o.Concurrency < 1 || o.Concurrency > maxConcurrency:
		return usage("", "--concurrency: want 1 to %d, got %d", maxConcurrency, o.Concurrency)
	case o.Repeat < 1:
		return usage("", "--repeat: want 1 or more, got %d", o.Repeat)
	case o.Timeout < 0:
		return usage("", "--timeout: want 0 or more, got %s", o.Timeout)
	case o.speed != 0 && o.pace.value != paceOriginal:
		return usage("add --pace original", "--speed says how much faster than they came, and they are sent as fast as can be")
	case o.Rate.Count > 0 && o.Speed > 0:
		return usage("give one of them", "--rate and --pace original exclude each other")
	}
	return nil
}

// maxConcurrency is how many requests are under way at most.
const maxConcurrency = 1024

func readSpec(text []byte) (replaySpec, error) {
	var spec replaySpec
	err := json.Unmarshal(text, &spec)
	return spec, err
}
