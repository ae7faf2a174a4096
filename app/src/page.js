(d=>{let lang=d.documentElement.lang,tag=navigator.languages.find(l=>l.split('-')[0]==lang.split('-')[0])||lang,sent,note=d.getElementById('offline')
for(let t of d.querySelectorAll('time[datetime]')){t.title=t.textContent;t.textContent=new Date(t.dateTime).toLocaleString(tag,t.dataset.format=='time'?{timeStyle:'short'}:{dateStyle:'long',timeStyle:'short'})}
let report=()=>note.textContent=navigator.onLine?'':note.dataset.text
let reset=()=>{sent=clearTimeout(sent);d.querySelectorAll('button[aria-busy]').forEach(b=>b.removeAttribute('aria-busy'))}
report();addEventListener('online',report);addEventListener('offline',report);addEventListener('pageshow',reset)
d.addEventListener('submit',e=>{if(sent||!navigator.onLine){e.preventDefault();report();return}
e.submitter?.setAttribute('aria-busy','true');sent=setTimeout(reset,8e3)})})(document)
