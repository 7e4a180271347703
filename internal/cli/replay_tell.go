package cli

import (
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/replay"
)

// A replayTeller tells what comes of a replay: to programs a line for each attempt, to
// people what went wrong and the total, and of one alone the whole exchange.
type replayTeller struct {
	replayer *replayer
	out      *render.Printer
	line     *progressLine
	total    replay.Total
	start    time.Time
	position replayPosition
	// unsent is why the first capture that was not sent was not; unreachable why the
	// target could not be reached.
	unsent      error
	unreachable string
}

func (r *replayer) newTeller() *replayTeller {
	a := r.app
	t := &replayTeller{replayer: r, start: a.world.Now(), line: a.newProgressLine(!r.options.single())}
	options := a.printing(a.world.StdoutTerminal)
	options.Verbose = options.Verbose || r.options.single()
	t.out = render.New(t.line.above(a.world.Stdout), options)
	t.position.spec = &r.options.replaySpec
	return t
}

// result tells what came of one shot.
func (t *replayTeller) result(res *replay.Result) error {
	t.total.Add(res)
	if res.Err != nil && t.unsent == nil {
		t.unsent = res.Err
	}
	if a := res.Attempt; a != nil && a.Failure == hook.FailureUnreachable {
		t.unreachable = a.Reason
	}
	change := replay.Change("")
	if t.replayer.options.Diff && res.Attempt != nil && res.Attempt.Failure != hook.FailureCancelled {
		change = replay.Compare(res.Then, replay.AnswerOf(res.Attempt))
		t.total.AddChange(change)
	}
	var err error
	switch {
	case t.replayer.app.global.json:
		err = t.json(res, change)
	case !t.replayer.app.global.quiet:
		err = t.text(res, change)
	}
	if err != nil {
		return err
	}
	t.position.at(res.Shot)
	t.line.step(t.progress)
	return nil
}

// text tells people what they must know: all of one exchange, of many what went wrong or
// is another than before.
func (t *replayTeller) text(res *replay.Result, change replay.Change) error {
	single := t.replayer.options.single()
	switch {
	case res.Err != nil && single: // it is told as what the command failed with
		return nil
	case res.Err != nil:
		return t.out.NotReplayed(res)
	case change != "" && change != replay.Unchanged && change != replay.New:
		return t.out.Compared(res, change)
	case single || res.Why != "":
		return t.out.Replayed(res)
	}
	return nil
}

// capturedJSON are the facts of a capture that stand beside an attempt with it.
type capturedJSON struct {
	ID         hook.ID   `json:"id"`
	Seq        int64     `json:"seq"`
	ReceivedAt time.Time `json:"received_at"`
	Target     string    `json:"target"`
}

// replayedJSON is what a line says besides the attempt.
type replayedJSON struct {
	Capture capturedJSON  `json:"capture"`
	Why     string        `json:"why,omitempty"`
	Change  replay.Change `json:"change,omitempty"`
	Then    *thenJSON     `json:"then,omitempty"`
	Error   string        `json:"error,omitempty"`
}

type thenJSON struct {
	At           time.Time `json:"at"`
	Status       int       `json:"status"`
	Failure      string    `json:"failure,omitempty"`
	LatencyMS    float64   `json:"latency_ms"`
	Acknowledged bool      `json:"acknowledged"`
	SameBody     bool      `json:"same_body"`
}

// json writes the attempt with the capture's facts, and how it compares; where there was
// no attempt, why not.
func (t *replayTeller) json(res *replay.Result, change replay.Change) error {
	c := res.Capture
	more := replayedJSON{Capture: capturedJSON{c.ID, c.Seq, c.ReceivedAt.UTC(), c.Target}, Why: res.Why, Change: change}
	if res.Err != nil {
		more.Error = res.Err.Error()
		return render.WriteJSON(t.line.above(t.replayer.app.world.Stdout), more)
	}
	if then := res.Then; change != "" && then != nil {
		more.Then = &thenJSON{
			then.At.UTC(), then.Status, then.Failure, float64(then.Latency.Microseconds()) / 1000, then.Acknowledged,
			replay.SameBody(then, replay.AnswerOf(res.Attempt)),
		}
	}
	attempt, err := jsontext.Marshal(res.Attempt)
	if err != nil {
		return err
	}
	rest, err := jsontext.Marshal(more)
	if err != nil {
		return err
	}
	line := append(append(attempt[:len(attempt)-1], ','), rest[1:]...) // two objects as one
	_, err = t.line.above(t.replayer.app.world.Stdout).Write(append(line, '\n'))
	return err
}

// end tells the total: to people on standard output, or, where that is for a program, on
// standard error.
func (t *replayTeller) end(err error) {
	t.line.erase()
	a := t.replayer.app
	if t.total.Sent+t.total.Unsent > 0 && !t.replayer.options.single() {
		printer := t.out
		if a.global.json {
			printer = a.messages()
		}
		if !a.global.quiet {
			printer.ReplayTotal(&t.total, a.world.Now().Sub(t.start))
		}
	}
	t.stale()
}

// stale says once that signatures are too old by now.
func (t *replayTeller) stale() {
	if t.total.Stale == 0 {
		return
	}
	m := t.replayer.app.messages()
	m.Warn(render.StaleSignatures(&t.total))
	m.Hint("--sign fresh signs them anew, for now")
}
