package cli

import (
	"net/http"
	"net/url"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/spf13/cobra"
)

// simulateLimit is how long a timeline lasts where nobody says: a status that is repeated
// for ever would otherwise never end.
const simulateLimit = 30 * 24 * time.Hour

type simulateOptions struct {
	bodyOptions
	secrets   []string
	to        string
	events    []string
	count     int
	every     period
	header    headers
	down      period
	downFrom  periods
	downUntil periods
	script    replyScript
	replyBody string
	scale     deadlineScale
	errorsTo  string
	limit     period
	shuffle   bool
	seed      seedNumber
	insecure  bool
	yes       bool
}

func newSimulate(a *app) *cobra.Command {
	o := &simulateOptions{limit: period(simulateLimit)}
	cmd := &cobra.Command{
		Use:   "simulate PROVIDER --to URL [flags]",
		Short: "play a provider's delivery policy, in seconds",
		Long: `Play the whole course of a provider's delivery policy against your handler:
every attempt, what the provider makes of the answer, what it does when it gives
up. Its clock is a virtual one, which jumps over the waits: 48 hours pass in a
second. Requests are real, and signed for the time at which they really go out.

An answer takes no virtual time, one that is late takes the provider's deadline:
the same answers give the same timeline. --down lets the handler be down for a
while without touching it, --reply-script stands in its place altogether. Its
steps are statuses, timeout(20s), which waits and then closes the connection
without an answer, and reset. A status can take its time, 200(20s), and ask to
be tried again later: 429(retry-after=90s).

The secret is that of --secret, else that of hookctl.yaml, else the local one of
hookctl secret; where there is none, one is made up for the run.
` + secretRefHelp + `

` + eventSetHelp + `

In the end it says what was lost for good, who was told, whether the endpoint
lives, and each rule that decided although no source states it, with what to set
in its place. With --json there is a line for each attempt, wait, notice and
state, then a summary. With --seed all of it is the same again for the same
answers, but for latency_ms, which is measured.

The exit status is 1 where an event was not acknowledged, or the endpoint does
not live; 3 where no attempt found the handler at all.`,
		Example: `  hookctl simulate recharge --to http://localhost:3000/hooks --down 26h
  hookctl simulate techrar --to 3000 --set policy.retry=announced \
    --event m.order.completed
  hookctl simulate retm --to 3000 --count 10 --every 1m --shuffle \
    --errors-to http://localhost:3000/errors
  hookctl simulate machnet-paas --reply-script '409,409,500,200' --json
  hookctl simulate svix --reply-script '429(retry-after=90s),200(20s),200'
  hookctl simulate clazar --to 3000 --body event.json --deadline-scale 1s \
    --down-from 1h --down-until 9h`,
		GroupID:           groupSend,
		Args:              exactArgs("the provider"),
		ValidArgsFunction: a.completeFirst,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runSimulate(cmd.Context(), a, o, args[0])
		},
	}
	o.define(a, cmd)
	return cmd
}

// define defines the flags.
func (o *simulateOptions) define(a *app, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.to, "to", "", "send to `URL`, such as http://localhost:3000/hooks; 3000 is http://localhost:3000")
	flags.StringArrayVar(&o.events, "event", nil, "`TYPE` of the event (default: the provider's example); may be repeated")
	flags.StringArrayVar(&o.secrets, "secret", nil, "secret to sign with, as `REF`; may be repeated")
	o.bodyOptions.flags(a, cmd)
	flags.Var(&o.header, "header", "add `'NAME: VALUE'`, or put it in the place of the provider's; may be repeated")
	flags.IntVar(&o.count, "count", 1, "let each event come up `N` times, with an id of its own")
	flags.Var(&o.every, "every", "let one event come up each `PERIOD` of virtual time (default: all at once)")
	flags.BoolVar(&o.shuffle, "shuffle", false, "let them come up in another order, as providers may")
	flags.Var(&o.down, "down", "the handler is down for `PERIOD` from the beginning: no connection, nothing is sent")
	flags.Var(&o.downFrom, "down-from", "it is down from `PERIOD` after the beginning, until --down-until; may be repeated")
	flags.Var(&o.downUntil, "down-until", "the end of the outage of --down-from, `PERIOD` after the beginning")
	flags.Var(&o.script, "reply-script", "ask no handler, but take `STEPS` in turn for its answers, the last repeating: '500,timeout(20s),200'")
	flags.StringVar(&o.replyBody, "reply-body", "", "`TEXT` that the answers of --reply-script have")
	flags.Var(&o.scale, "deadline-scale", "give the handler `FACTOR` times the provider's deadline, as 0.1, or so much time, as 1s")
	flags.StringVar(&o.errorsTo, "errors-to", "", "send the provider's messages about failed deliveries to `URL`")
	flags.Var(&o.limit, "for", "end after `PERIOD` of virtual time")
	flags.Var(&o.seed, "seed", "let chance be that of the number `N`: jitter, the order of --shuffle, and new ids (default: 0, with other ids each time)")
	flags.BoolVar(&o.insecure, "insecure", false, "accept any certificate of the target")
	flags.BoolVar(&o.yes, "yes", false, "send to another machine, which is refused otherwise")
}

// check refuses flags that exclude each other, or cannot be meant.
func (o *simulateOptions) check() error {
	switch {
	case o.to == "" && len(o.script) == 0:
		return usage("--to URL names your handler, --reply-script '500,200' stands in its place", "simulate: --to is missing")
	case o.to != "" && len(o.script) > 0:
		return usage("--to asks the handler at URL, --reply-script asks none", "--to and --reply-script exclude each other")
	case o.replyBody != "" && len(o.script) == 0:
		return usage("", "--reply-body is for the answers of --reply-script")
	case len(o.script) > 0 && (o.scale.given() || o.insecure || len(o.secrets) > 0):
		return usage("--to URL asks one", "--deadline-scale, --insecure and --secret are for a handler, and --reply-script asks none")
	case o.file != "" && len(o.events) > 1:
		return usage("leave --body out, or simulate them one by one", "--body is the payload of one event, and there are %d", len(o.events))
	case o.count < 1:
		return usage("", "--count: want 1 or more, got %d", o.count)
	case o.limit <= 0:
		return usage("", "--for: want a period such as 36h or 30d, got %q", time.Duration(o.limit).String())
	}
	return nil
}

// outages are the times in which the handler is down.
func (o *simulateOptions) outages() ([]delivery.Outage, error) {
	var all []delivery.Outage
	if o.down > 0 {
		all = append(all, delivery.Outage{Until: time.Duration(o.down)})
	}
	if len(o.downFrom) != len(o.downUntil) {
		return nil, usage("such as --down-from 1h --down-until 9h", "--down-from and --down-until go together: there are %d and %d", len(o.downFrom), len(o.downUntil))
	}
	for i, from := range o.downFrom {
		until := o.downUntil[i]
		if until <= from {
			return nil, usage("both count from the beginning", "--down-until: want more than the --down-from of %s, got %s", period(from).text(), period(until).text())
		}
		all = append(all, delivery.Outage{From: from, Until: until})
	}
	return all, nil
}

// targets are the URLs of the handler and of messages about failures, nil where not given.
func (o *simulateOptions) targets(rules *delivery.Rules) (to, errorsTo *url.URL, err error) {
	if o.to != "" {
		if to, err = parseTarget(o.to); err != nil {
			return nil, nil, err
		}
	}
	if o.errorsTo != "" {
		if errorsTo, err = parseTarget(o.errorsTo); err != nil {
			return nil, nil, err
		}
	}
	if far := elsewhere(to, errorsTo); far != nil && !o.yes {
		return nil, nil, usage("--yes sends it", "a whole policy of requests would go to another machine, %s", far.Host)
	}
	return to, errorsTo, nil
}

// scripted are the steps of --reply-script as answers.
func (o *simulateOptions) scripted() []delivery.Answer {
	var answers []delivery.Answer
	for _, step := range o.script {
		answers = append(answers, scriptedAnswer(step, o.replyBody))
	}
	return answers
}

func scriptedAnswer(step listener.Step, body string) delivery.Answer {
	switch step.Dropped {
	case hook.DroppedTimeout:
		return delivery.Answer{Failure: hook.FailureBroken, Reason: "the connection was closed without an answer", Held: step.Hold}
	case hook.DroppedReset:
		return delivery.Answer{Failure: hook.FailureBroken, Reason: "the connection was reset"}
	}
	bare := step.Status == http.StatusNoContent || step.Status == http.StatusResetContent || step.Status == http.StatusNotModified
	return delivery.Answer{Status: step.Status, Held: step.Wait, RetryAfter: step.RetryAfter(), Body: body != "" && !bare}
}
