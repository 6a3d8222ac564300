/** What follows is printed on the way out, or by a helper that nothing waits for: its traceback explains nothing. */
export const MUTES =
  /^Exception ignored (?:in|while)|^Error in (?:atexit|sys)\.|^Exception in thread .*(?:auto_conversion|_report_usage)|Error (?:saving|loading|retrieving) (?:model info cache|cached model info)|^--- Logging error ---/;

/** Look-ups that the engine goes on without, and what is said at every end. */
export const HARMLESS =
  /^Error retrieving (?:safetensors|file list)|^Error (?:saving|loading|reading) (?:model info|cached model info)|resource_tracker|leaked (?:semaphore|shared_memory)|destroy_process_group\(\)|^nanobind: |^(?:WARNING|WARN)\b|Failed to (?:import from vllm\._|get the IP address|read config file)|^Cannot import '[^']+': No module|^Tip: |^See https?:|^\d+ packages? |^Unable to find image '[^']+' locally/;

/** Words that announce an error which the process does not survive. */
export const FATAL =
  /EngineCore (?:failed to start|encountered a fatal error|hit an exception)|WorkerProc (?:failed to start|hit an exception)|Engine background task failed|Scheduler hit an exception|^Process \S+:$/;

/** They point to an error elsewhere and do not say which. */
export const SUMMARY =
  /Engine core initialization failed|WorkerProc initialization failed|[Ee]ngine process failed to start|Engine (?:core )?proc(?:ess)? \S+ died|EngineDeadError|AsyncEngineDeadError|MQEngineDeadError|Background loop has (?:errored|stopped)|Worker failed with error|(?:Worker proc|Worker|Engine|process) \S+(?: pid \d+)? (?:died|terminated)|worker died|[Ww]orker process(?:es)? (?:died|terminated)|RPCServer process died|got fatal signal from worker processes|RayTaskError|RayActorError|ActorDiedError|The actor (?:died|is dead)|ActorUnschedulable|ChildFailedError|Error raised in subprocess|Failed core proc|shutting down executor|See (?:root cause|stack trace)|check the stack trace above|^(?:concurrent\.futures\.process\.)?_?RemoteTraceback|[Rr]eceived [Ss][Ii][Gg]\w+ from (?:a )?child process|SIGQUIT received|Worker exit (?:type|detail)|Worker unexpectedly exits/;

/** What one process prints because another one is gone. */
export const AFTERMATH =
  /Connection (?:reset|closed) by (?:remote )?peer|ConnectionResetError|ConnectionAbortedError|BrokenPipeError|Broken pipe|^EOFError|IncompleteReadError|CancelledError|KeyboardInterrupt|^SystemExit|ncclRemoteError|remote process exited|recvValue failed|Failed to recv, got 0 bytes|sendBytes failed|TCPStore(?:.{0,40})(?:closed|broken)|cancelled$|exit ?code:? -15\b|signal 15|SIGTERM|heartbeat monitor|^zmq\.error\.ContextTerminated|Leaking Caffe2|client socket has (?:failed|timed out)/i;

/** What an ending process says by an INFO line; any other says that it goes on. */
export const FAREWELL =
  /shut|kill|terminat|exit|stop|died|dead|clean|destroy|abort|cancel|fail|error|crash|dump|finished server|application shutdown|" 5\d\d\b|Avg prompt throughput/i;
