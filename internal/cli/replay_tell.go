package cli

import (
	"io"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/replay"
)

// A replayTeller tells what comes of a replay: to programs a line for each attempt, to
// people what went wrong and the total, and of one alone the whole exchange.
type replayTeller struct {
	replayer *replayer
	out      *render.Printer
	line     *progressLine
	// total is what came of this part of the replay, whole of that and those before.
	total, whole replay.Total

	start    time.Time
	position replayPosition
	// unsent is why the first capture that was not sent was not; unreachable why the
	// target could not be reached.
	unsent      error
	unreachable string
	inARow      int // attempts without a connection since the last with one
}

func (r *replayer) newTeller() *replayTeller {
	a := r.app
	t := &replayTeller{replayer: r, whole: r.before, start: a.world.Now(), line: a.newProgressLine(!r.options.single())}
	options := a.printing(a.world.StdoutTerminal)
	options.Verbose = options.Verbose || r.options.single()
	t.out = render.New(t.stdout(), options)
	t.position.spec = &r.options.replaySpec
	return t
}

// result tells what came of one shot.
func (t *replayTeller) result(res *replay.Result) error {
	t.total.Add(res)
	t.whole.Add(res)
	if res.Err != nil && t.unsent == nil {
		t.unsent = res.Err
	}
	if a := res.Attempt; a != nil && a.Failure == hook.FailureUnreachable {
		t.unreachable = a.Reason
		t.inARow++
	} else if a != nil && a.Failure != hook.FailureCancelled {
		t.inARow = 0
	}
	change := replay.Change("")
	if t.replayer.options.Diff && tells(res.Attempt) {
		change = replay.Compare(res.Then, replay.AnswerOf(res.Attempt))
		t.whole.AddChange(change, 1)
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

// maxUnreached is how many attempts in a row without a connection are told one by one.
const maxUnreached = 3

// text tells people what they must know: all of one exchange, of many what went wrong or
// is another than before.
func (t *replayTeller) text(res *replay.Result, change replay.Change) error {
	single := t.replayer.options.single()
	switch {
	case res.Err != nil && single, t.inARow > maxUnreached: // it is told as what the command failed with
		return nil
	case res.Err != nil:
		return t.out.NotReplayed(res)
	case change != "" && (single || change != replay.Unchanged && change != replay.New):
		return t.out.Compared(res, change)
	case single || res.Why != "":
		return t.out.Replayed(res)
	}
	return nil
}

// An unsentCapture is a capture in the stream of which no request could be made.
type unsentCapture struct {
	Kind      string  `json:"kind"`
	CaptureID hook.ID `json:"capture_id"`
	Try       int     `json:"try"`
	replayedJSON
	Error string `json:"error"`
}

// json writes the attempt with the capture's facts, and how it compares; where there was
// no attempt, why not.
func (t *replayTeller) json(res *replay.Result, change replay.Change) error {
	c := res.Capture
	facts := replayedJSON{CaptureSeq: c.Seq, ReceivedAt: c.ReceivedAt.UTC(), Target: c.Target, Change: change}
	if res.Err != nil {
		return render.WriteJSON(t.stdout(), unsentCapture{kindUnsent, c.ID, res.Try, facts, res.Err.Error()})
	}
	if then := res.Then; change != "" && then != nil {
		facts.Then = &thenJSON{
			then.At.UTC(), then.Status, then.Failure, float64(then.Latency.Microseconds()) / 1000, then.Acknowledged,
			replay.SameBody(then, replay.AnswerOf(res.Attempt)),
		}
	}
	return render.WriteJSON(t.stdout(), attemptLine{Kind: kindAttempt, AttemptFields: res.Attempt.Masked().Fields(), Verdict: res.Why, replayedJSON: &facts})
}

// stdout is standard output, past the line that shows how far it is.
func (t *replayTeller) stdout() io.Writer { return t.line.above(t.replayer.app.world.Stdout) }

// end tells the total: to people where there are several, to programs always.
func (t *replayTeller) end() error {
	t.line.erase()
	a := t.replayer.app
	took := a.world.Now().Sub(t.start)
	for change, n := range t.replayer.selection.changes {
		t.whole.AddChange(change, n)
	}
	t.stale()
	switch several := t.whole.Sent+t.whole.Unsent > 0 && !t.replayer.options.single(); {
	case a.global.json:
		return render.WriteJSON(a.world.Stdout, t.summary(took))
	case several && !a.global.quiet:
		t.out.ReplayTotal(&t.whole, t.replayer.before.Sent, took)
		return t.out.Err()
	}
	return nil
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

// tells reports whether a tells something of the target: what found no connection is
// sent again, and what hookctl cut short itself is no answer.
func tells(a *hook.Attempt) bool {
	return a != nil && a.Failure != hook.FailureCancelled && a.Failure != hook.FailureUnreachable
}
