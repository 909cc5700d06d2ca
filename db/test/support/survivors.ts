/** What stays unseen of a mutant, and why that is right: one line says it of all that it names. */
export const survivors: readonly { readonly unseen: RegExp; readonly why: string }[] = [
  {
    unseen: /^a policy is dropped: \w+\.all_definer \(audit\)$/,
    why: "codex_definer has no right to that table, so that the policy lets nobody in",
  },
  {
    unseen: /^a policy is dropped: user_workspaces\.update_(owner|self) \(audit\)$/,
    why: "two policies let rows of members be changed; with one of them fewer may, and nobody more",
  },
  {
    unseen: /^a foreign key is dropped: notification_deliveries\.\w+_user_id_fkey \(audit\)$/,
    why: "the person is part of the key to the notification as well",
  },
  {
    unseen:
      /^a (foreign key|unique rule) .*(notification_deliveries_notification_id|campaign_quests_parent_id|quest_dependencies_quest_id|quest_dependencies_depends_on_id|moves_owner_id)_fkey \(trials\)$/,
    why: "another key of the same row names the same person or campaign, and refuses what is of another workspace",
  },
  {
    unseen:
      /^a foreign key .*(assets_experiment_id|market_insights_superseded_by_id|workspace_invitations_accepted_by|signal_links_(campaign|competitor|head)_id)_fkey \(trials\)$/,
    why: "the column belongs to a state that the row of the trials is not in: a CHECK or a trigger refuses it before the key is asked; the audit sees it",
  },
  {
    unseen: /^a foreign key is dropped: audit_events\.audit_events_user_id_fkey \(trials\)$/,
    why: "whoever did it is taken from the context, whatever is sent",
  },
  {
    unseen:
      /^a unique rule leaves the workspace out: codex\.(user_workspaces|signal_links)_pkey \(trials\)$/,
    why: "what is left of the key is no secret (a person), or is made from other columns; the audit sees it",
  },
  {
    unseen:
      /^a unique rule leaves the workspace out: codex\.uniq_(intelligence_signals_(content|url)|message_architecture_published|positioning_active|signal_links_head) \(trials\)$/,
    why: "the rule holds for some rows only, and the trials' row is none of them; the audit sees it",
  },
];
