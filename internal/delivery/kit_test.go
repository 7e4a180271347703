package delivery

import (
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
)

// rulesOf are the rules of a bundled profile with some of them set, as "policy.retry=once".
func rulesOf(t testing.TB, name string, set ...string) *Rules {
	t.Helper()
	p, err := provider.NewLibrary(schemas.Files()).Load(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, assignment := range set {
		path, value, _ := strings.Cut(assignment, "=")
		if err := p.Set("test", path, value); err != nil {
			t.Fatal(err)
		}
	}
	return NewRules(p)
}

// begin is when the histories of tests begin.
func begin() time.Time { return time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC) }

// even is a chance that makes no difference: jitter leaves delays as they are.
func even(int) float64 { return 0.5 }

// A walk takes one delivery, or several one after another, through results, each attempt
// beginning as soon as it may.
type walk struct {
	t        *testing.T
	rules    *Rules
	event    string
	now      time.Time
	draw     float64
	course   hook.Course
	standing hook.Standing
	step     Step
	waits    []time.Duration
	effects  []string
}

func newWalk(t *testing.T, r *Rules) *walk {
	return &walk{t: t, rules: r, event: "test.event", now: begin(), draw: 0.5}
}

// get makes an attempt end like res, which takes took.
func (w *walk) get(res Result, took time.Duration) {
	w.t.Helper()
	if w.course.Over() {
		w.t.Fatalf("attempt %d of a delivery that is %s", w.course.Tries+1, w.course.State)
	}
	if w.course.Due.After(w.now) {
		w.now = w.course.Due
	}
	res.StartedAt, res.EndedAt = w.now, w.now.Add(took)
	w.step = w.rules.After(w.event, w.course, w.standing, res, w.draw)
	w.course, w.standing, w.now = w.step.Course, w.step.Standing, res.EndedAt
	if w.course.State == hook.Pending {
		w.waits = append(w.waits, w.course.Due.Sub(res.EndedAt))
	}
	for _, e := range w.step.Effects {
		w.effects = append(w.effects, effectText(e))
	}
}

// statuses makes attempts be answered with each of the statuses.
func (w *walk) statuses(all ...int) {
	w.t.Helper()
	for _, status := range all {
		w.get(Result{Status: status}, 0)
	}
}

// next begins the delivery of another event.
func (w *walk) next() { w.course = hook.Course{} }

func effectText(e Effect) string {
	text := string(e.Do)
	switch {
	case e.Errors:
		text += " errors"
	case e.Event != "":
		text += " " + e.Event
	case e.Whom != "":
		text += " " + e.Whom
	}
	return text
}

func times(n, status int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = status
	}
	return all
}
