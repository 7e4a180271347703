package cli

import (
	"github.com/hookctl/hookctl/internal/replay"
	"github.com/spf13/cobra"
)

// replayOptions are the flags of replay.
type replayOptions struct {
	replaySpec
	rate   rateLimit
	speed  speedFactor
	header headers
	sign   choice
	pace   choice
	signed bool // --sign was given

	resume, forget, dryRun, edit, yes bool
}

func newReplay(a *app) *cobra.Command {
	o := &replayOptions{
		sign: choice{value: replay.SignOriginal, valid: []string{replay.SignOriginal, replay.SignFresh, replay.SignNone}},
		pace: choice{value: paceFast, valid: []string{paceFast, paceOriginal}},
	}
	cmd := &cobra.Command{
		Use:   "replay [ID...] --to URL [flags]",
		Short: "send captures again: one, several, or what failed",
		Long: `Send captures again, as they came: the same bytes, header lines in their order,
the capture's path after that of --to; the URL of an endpoint is taken as it is.
Ids are sent in the order given, all else oldest first. Each attempt is kept;
hookctl attempts list shows them.

  --failed   the last attempt at this target was not acknowledged; where there
             was none, the sender got no answer, or one that acknowledges
             nothing
  --missing  there was no attempt at this target
  both       either of these; --since-attempt ID means both, and looks at the
             captures from that of the attempt on

An endpoint gets the captures that it wants, by its events and its provider;
those that are named by their ids go there all the same. Where it acknowledges
one, unchanged, the delivery of it that is pending there is done.

An answer acknowledges when the policy of the capture's provider says so, else
with 2xx.

  --sign original  as it came; a signature may be too old by now
  --sign fresh     by the provider's profile, for now, with the secret that
                   hookctl knows; the event keeps its id
  --sign none      without the headers that have the signature

` + replaySetHelp + `

A replay of several captures that was ended goes on with --resume: nothing is
left out, and at most what was under way is sent twice; with --concurrency N,
after an end by force, half as many more. What found no connection is sent
again; an answer that broke off counts as a failure, which --failed sends again.
The total and the exit status are of the whole replay. Passwords are not kept:
--to, --header and --secret beside --resume give them again; --rate and
--concurrency may differ.

Without --yes, more than one request goes to this machine only. The exit status
is 0 where all was acknowledged or nothing was to be sent, 1 where something was
not acknowledged, 3 where the target could not be reached.

` + idHelp + `
With - they come on standard input, one a line, or as captures list --json
prints them.

` + queryHelp,
		Example: `  hookctl replay last --to http://localhost:3000
  hookctl replay --failed --since 8h --to http://localhost:3000 --diff
  hookctl replay --query 'provider:stripe' --sign fresh --to 3000/hooks
  hookctl replay last --set data.amount=0 --sign fresh --to 3000
  hookctl captures list --json --query status:5xx | hookctl replay - --to 3000
  hookctl replay --since yesterday --pace original --speed 10x --endpoint shop`,
		GroupID:           groupSend,
		ValidArgsFunction: a.completeCaptures,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.IDs = args
			o.signed = cmd.Flags().Changed("sign")
			return runReplay(cmd.Context(), a, o, cmd)
		},
	}
	o.flags(a, cmd)
	return cmd
}

const replaySetHelp = `--set PATH=VALUE changes the payload: data.items[0].id=5. VALUE is JSON where it
looks so (a number, true, false, null, "quoted", {…} or […]), else text. A key
with a dot stands in brackets and quotes: meta["order.id"]. Everything else
stays byte for byte, and the signature that came does not fit any more: --sign
says what to do.`

func (o *replayOptions) flags(a *app, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.To, "to", "", "send to `URL`; 3000 is http://localhost:3000")
	flags.StringVar(&o.Endpoint, "endpoint", "", "send to the endpoint `NAME` of hookctl.yaml, with its headers, provider and secret")
	flags.StringVar(&o.Query, "query", "", "the captures that fit `QUERY`, such as 'path:/orders/* status:>=500'")
	flags.BoolVar(&o.All, "all", false, "all captures")
	flags.StringVar(&o.Since, "since", "", "captures received from `TIME` on: 8h, yesterday, 2026-11-21, RFC 3339")
	flags.StringVar(&o.Until, "until", "", "captures received before `TIME`")
	flags.StringVar(&o.Event, "event", "", "captures of events that fit `GLOB`")
	flags.BoolVar(&o.Failed, "failed", false, "only what failed")
	flags.BoolVar(&o.Missing, "missing", false, "only what the target never got")
	flags.StringVar(&o.SinceAttempt, "since-attempt", "", "what failed or is missing from the capture of the attempt `ID` on")
	flags.IntVar(&o.Limit, "limit", 0, "the first `N` of them; 0 is all")
	flags.Var(&o.sign, "sign", "signature: original, fresh or none")
	flags.Var(&oneValue{text: &o.Provider}, "provider", "`PROVIDER` of all these captures, by its name, or ./FOLDER of a profile of your own")
	flags.StringArrayVar(&o.Secret, "secret", nil, "secret to sign with, as `REF`; may be repeated")
	flags.BoolVar(&o.NewID, "new-id", false, "with --sign fresh, another id for each event")
	flags.StringArrayVar(&o.Set, "set", nil, "change the payload, as `PATH=VALUE`; may be repeated")
	flags.StringArrayVar(&o.Unset, "unset", nil, "take what is at `PATH` out of the payload; may be repeated")
	flags.BoolVar(&o.edit, "edit", false, "change the body of one capture in $VISUAL or $EDITOR")
	flags.Var(&o.header, "header", "add `'NAME: VALUE'`, or put it in the place of the capture's; may be repeated")
	flags.StringVar(&o.Method, "method", "", "request `METHOD` (default: that of the capture)")
	flags.Var(&o.rate, "rate", "begin at most so many requests in a time, as `N/s`, N/m or N/h")
	flags.IntVar(&o.Concurrency, "concurrency", 1, "have `N` requests under way at once; order is kept with 1")
	flags.Var(&o.pace, "pace", "fast, or original: as far apart as they came")
	flags.Var(&o.speed, "speed", "with --pace original, so many times as fast, such as `10x`")
	flags.IntVar(&o.Repeat, "repeat", 1, "send all of it `N` times")
	flags.DurationVar(&o.Timeout, "timeout", 0, "wait `DURATION` for the whole answer (default: the provider's deadline, else 30s)")
	flags.BoolVar(&o.Insecure, "insecure", false, "accept any certificate of the target")
	flags.BoolVar(&o.Diff, "diff", false, "compare each answer with the one before: status, latency and body")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print the requests, byte for byte, and send nothing")
	flags.BoolVar(&o.resume, "resume", false, "go on with the last replay that was ended before its end")
	flags.BoolVar(&o.forget, "forget", false, "drop what was ended before its end: --resume does not go on with it")
	flags.BoolVar(&o.yes, "yes", false, "send more than one request to another machine, which is refused otherwise")
}
