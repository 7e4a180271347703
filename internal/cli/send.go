package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

type sendOptions struct {
	bodyOptions
	secrets   []string
	to        string
	endpoint  string
	errorsTo  string
	once      bool
	retry     bool
	resume    bool
	speed     speedFactor
	count     int
	duplicate int
	shuffle   bool
	seed      seedNumber
	every     period
	header    headers
	timeout   time.Duration
	insecure  bool
	yes       bool
	dryRun    bool
}

func newSend(a *app) *cobra.Command {
	o := &sendOptions{}
	cmd := &cobra.Command{
		Use:   "send PROVIDER [EVENT...] --to URL [flags]",
		Short: "send events as a provider does, signed",
		Long: `Send events as a provider does: with its headers, a fresh id and time, and
signed with the secret of --secret, else that of hookctl.yaml, else the local
one of hookctl secret.
` + secretRefHelp + `

The payload is the catalog's example of the event, or that of --body, as it is.
Where the provider has the event's id and time in the payload, those of the
example are made anew; where it has no ids, as Recharge, the id of what the
event is about is: a handler that drops duplicates takes each message for
another. What --set sets stays.

` + eventSetHelp + `

Each message is attempted once. With --retry the provider's policy is followed
until it acknowledges or gives up: its waits take place, or pass faster with
--speed. What is left when hookctl is stopped stays in the store, and --resume
goes on with it, by the rules and secrets that are given then: --set and
--secret are not kept. What is left of a wait passes at the --speed of then.

Without --to the events go to the endpoints of hookctl.yaml that want them. One
that none wants is kept as a delivery that was cancelled. hookctl attempts shows
what came of all. The exit status is 1 where something was not acknowledged, 3
where nothing could be reached.`,
		Example: `  hookctl send recharge order/created --to http://localhost:3000/hooks
  hookctl send techrar m.order.completed --to 3000 --set data.id=5 \
    --retry --set policy.retry=announced --speed 60x
  hookctl send machnet-paas transaction_canceled transaction_failed --to 3000 \
    --count 5 --duplicate 2 --shuffle --seed 7
  hookctl send clazar --body event.json --endpoint orders --dry-run`,
		GroupID: groupSend,
		Args:    cobra.ArbitraryArgs,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			return a.completeEvent(cmd, args[:min(len(args), 1)], word)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return runSend(cmd.Context(), a, o, args)
		},
	}
	o.define(a, cmd)
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		var unknown *pflag.NotExistError
		if errors.As(err, &unknown) && strings.HasPrefix(unknown.GetSpecifiedName(), "event") {
			return usage("events are named after the provider: hookctl send PROVIDER EVENT --to URL", "unknown flag --%s", unknown.GetSpecifiedName())
		}
		return flagError(cmd, err)
	})
	return cmd
}

// define defines the flags.
func (o *sendOptions) define(a *app, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.to, "to", "", "send to `URL`, such as http://localhost:3000/hooks; 3000 is http://localhost:3000")
	flags.StringVar(&o.endpoint, "endpoint", "", "send to the endpoint `NAME` of hookctl.yaml, whether it wants the event or not")
	flags.StringArrayVar(&o.secrets, "secret", nil, "secret to sign with, as `REF`; may be repeated")
	o.bodyOptions.flags(a, cmd)
	flags.Var(&o.header, "header", "add `'NAME: VALUE'`, or put it in the place of the provider's; may be repeated")
	flags.BoolVar(&o.once, "once", false, "attempt each message once, as it is without --retry")
	flags.BoolVar(&o.retry, "retry", false, "follow the provider's policy until it acknowledges or gives up")
	flags.Var(&o.speed, "speed", "with --retry, let waits pass `FACTOR` times as fast, such as 60x")
	flags.BoolVar(&o.resume, "resume", false, "go on with what an earlier send --retry left pending, alone or for --to or --endpoint")
	flags.StringVar(&o.errorsTo, "errors-to", "", "send the provider's messages about failed deliveries to `URL`")
	flags.IntVar(&o.count, "count", 1, "send `N` messages of each event, each with an id of its own")
	flags.IntVar(&o.duplicate, "duplicate", 1, "send each message `N` times, with the same id")
	flags.BoolVar(&o.shuffle, "shuffle", false, "send in another order, as providers may")
	flags.Var(&o.seed, "seed", "derive ids and order from the number `N`: the same number gives the same again")
	flags.Var(&o.every, "every", "begin a message each `PERIOD`, such as 500ms")
	flags.DurationVar(&o.timeout, "timeout", 0, "wait `DURATION` for the whole answer (default: the provider's deadline)")
	flags.BoolVar(&o.insecure, "insecure", false, "accept any certificate of the target")
	flags.BoolVar(&o.yes, "yes", false, "send several messages to another machine, which is refused otherwise")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print what would go over the wire, and send nothing")
}

// check refuses flags that exclude each other, or cannot be meant.
func (o *sendOptions) check(args []string) error {
	switch {
	case o.resume && (len(args) > 0 || o.file != "" || o.count != 1 || o.duplicate != 1 || o.once || o.dryRun):
		return usage("hookctl send --resume, with --to or --endpoint for one of several", "--resume goes on with what is pending, and makes no messages")
	case o.resume:
	case len(args) == 0:
		return usage("hookctl provider list shows them; the form is: hookctl send PROVIDER [EVENT...] --to URL", "send: the provider is missing")
	case o.once && o.retry:
		return usage("", "--once and --retry exclude each other")
	case len(args) > 2 && o.file != "":
		return usage("send them one by one", "--body is the payload of one event, and there are %d", len(args)-1)
	case !o.retry && o.speed != 0:
		return usage("", "--speed is for the waits of --retry")
	case !o.retry && o.errorsTo != "":
		return usage("add --retry, with --speed to be quicker", "--errors-to: messages about failed deliveries come with the policy alone")
	case o.dryRun && o.retry:
		return usage("", "--dry-run prints the first attempts, and goes without --retry")
	}
	switch {
	case o.to != "" && o.endpoint != "":
		return usage("", "--to and --endpoint exclude each other")
	case o.to == "" && len(args) > 0 && isTarget(args[len(args)-1]):
		target := withoutUser(args[len(args)-1])
		return usage("--to "+shellWord(target)+" sends to it", "send: %s is a target, and no event", target)
	case o.count < 1:
		return usage("", "--count: want 1 or more, got %d", o.count)
	case o.duplicate < 1:
		return usage("", "--duplicate: want 1 or more, got %d", o.duplicate)
	case o.timeout < 0:
		return usage("", "--timeout: want 0 or more, got %s", o.timeout)
	}
	return nil
}

func runSend(ctx context.Context, a *app, o *sendOptions, args []string) error {
	if err := o.check(args); err != nil {
		return err
	}
	if !o.dryRun {
		a.keepTelling("requests are still sent and their answers kept, but no longer shown")
	}
	if o.resume {
		return resumeSend(ctx, a, o)
	}
	o.from = args[0]
	known, err := o.loadFor(a, args[0], o.secrets)
	if err != nil {
		return a.missingProvider(args[0], err)
	}
	messages, err := o.messages(a, known, args[1:])
	if err != nil {
		return err
	}
	snd, err := newSender(a, o, known)
	if err != nil {
		return err
	}
	addressed := snd.address(messages)
	if err := o.checkTargets(addressed); err != nil {
		return err
	}
	switch {
	case o.dryRun:
		return snd.dryRun(addressed)
	case o.retry:
		return snd.sendAll(ctx, addressed)
	}
	return snd.sendOnce(ctx, addressed)
}

// checkTargets refuses many messages to other machines, unless the user says so. Those about
// failed deliveries are many: each failure may bring one.
func (o *sendOptions) checkTargets(addressed []*addressedMessage) error {
	if o.yes || o.dryRun {
		return nil
	}
	for _, l := range addressed {
		if l.target == nil {
			continue
		}
		e := &l.target.endpoint
		if far := elsewhere(e.URL); far != nil && len(addressed) > 1 {
			return usage("--yes sends them", "%d messages would go to another machine, %s", len(addressed), far.Host)
		}
		if far := elsewhere(e.ErrorsTo); far != nil && o.retry {
			return usage("--yes sends them", "messages about failed deliveries would go to another machine, %s", far.Host)
		}
	}
	return nil
}

// seedNumber is the seed of what chance decides, where the user gives one.
type seedNumber struct {
	n     uint64
	given bool
}

func (s *seedNumber) Type() string { return "N" }

func (s *seedNumber) String() string {
	if !s.given {
		return ""
	}
	return strconv.FormatUint(s.n, 10)
}

func (s *seedNumber) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return fmt.Errorf("want a whole number, 0 or more, got %q", text)
	}
	s.n, s.given = n, true
	return nil
}
