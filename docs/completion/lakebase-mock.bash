# bash completion for lakebase-mock
_lakebase_mock() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  case $prev in
    --port-file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --db) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --fixture) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --clock) COMPREPLY=($(compgen -W 'real manual scaled:60' -- "$cur")); return ;;
    --lro) COMPREPLY=($(compgen -W 'sync first-poll after:5s after-polls:3 stuck' -- "$cur")); return ;;
    --auth) COMPREPLY=($(compgen -W 'open any strict' -- "$cur")); return ;;
    --tls-cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --tls-self-signed) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --log) COMPREPLY=($(compgen -W 'text json off' -- "$cur")); return ;;
    --log-level) COMPREPLY=($(compgen -W 'error warn info debug' -- "$cur")); return ;;
    --config) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --profile) COMPREPLY=($(compgen -W '2026-11-28 2026-11-01 2026-08-20 2026-07-25 2026-04-15' -- "$cur")); return ;;
    --set) compopt -o nospace; COMPREPLY=($(compgen -W 'max_projects= max_branches= max_root_branches= max_protected_branches= max_unarchived_branches= max_roles= max_databases= max_read_replicas= max_active_computes= max_snapshots= max_synced_tables_per_source= max_cu= max_fixed_cu= max_cu_spread= max_branch_ttl= project_retention= branch_retention= synced_table_provision= synced_table_linger= endpoint_reconciliation= endpoint_page_size_min= endpoint_id_min= reuse_deleted_branch_id= mask_absent_is_error= clear_absent= pg_versions= default_pg_version= default_suspension= cdf_tables= endpoints_open_to_all= login_page= spec_mask_partial_write= echo_spec= source_time_minute_500= host_suffix= host_override= workspace_id= postgres_strict= postgres_workspace_tokens= postgres_replica_lag= postgres_pooler= postgres_listeners= postgres_handshake_timeout= operations_kept=' -- "$cur")); return ;;
    reference) COMPREPLY=($(compgen -W 'api configuration openapi man bash zsh fish' -- "$cur")); return ;;
  esac
  if [[ $COMP_CWORD = 1 && $cur != -* ]]; then
    COMPREPLY=($(compgen -W 'serve wait version reference help' -- "$cur"))
  elif [[ ${COMP_WORDS[1]} = wait ]]; then
    COMPREPLY=($(compgen -W '--url --timeout' -- "$cur"))
  elif [[ ${COMP_WORDS[1]} = version ]]; then
    COMPREPLY=($(compgen -W '--json' -- "$cur"))
  elif [[ $COMP_CWORD = 1 || ${COMP_WORDS[1]} = serve ||
      ${COMP_WORDS[1]} = -* ]]; then
    COMPREPLY=($(compgen -W '--listen --port-file --end-with-stdin --db --fixture --scenario --seed --profile --set --clock --lro --auth --strict --journal --no-seq-header --fail-on-unfired --max-workspaces --admin-token --allow-host --tls-cert --tls-key --tls-self-signed --log --log-level --log-bodies --check-replies --postgres --postgres-port --postgres-hosts --postgres-data --postgres-user --postgres-tls-ca --config' -- "$cur"))
  fi
}
complete -F _lakebase_mock lakebase-mock
